import type { RunLengths } from '../contract/index.ts'
import { area, intersect } from '../masks/index.ts'

/** A true object: a mask of an instance, or a connected part where only the class of each pixel is known. */
export interface TrueObject {
  mask: RunLengths
  /** Pixels of the mask. */
  area: number
}

/**
 * How well a proposal fits the truth: its intersection over union with those true objects of its class that together fit it best. An
 * object that it hardly touches is not held against it, one that it half covers is, and a proposal over two touching objects is right
 * where it covers both.
 *
 * The best union is found exactly: by whether an object's inside is worth its outside, it takes those most covered first.
 *
 * @returns 0 to 1; 0 where it meets none
 */
export function matchedIou(proposal: RunLengths, objects: readonly TrueObject[]): number {
  const met = objects
    .map((object) => ({ area: object.area, shared: area(intersect(object.mask, proposal)) }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared / b.area - a.shared / a.area)
  const own = area(proposal)
  let best = 0
  let shared = 0
  let beyond = 0
  for (const object of met) {
    shared += object.shared
    beyond += object.area - object.shared
    best = Math.max(best, shared / (own + beyond))
  }
  return best
}
