import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { RunLengthWriter } from './run-lengths.ts'

/** Steps through the runs of one mask. */
class RunCursor {
  readonly #counts: readonly number[]
  #index = 0
  end: number

  constructor(mask: RunLengths) {
    this.#counts = mask.counts
    this.end = mask.counts[0] ?? Infinity
  }

  get inside(): boolean {
    return (this.#index & 1) === 1
  }

  /** To the run that holds `position`. */
  advance(position: number): void {
    while (this.end <= position) this.end += this.#counts[++this.#index] ?? Infinity
  }
}

/** Visits the stretches, in column-major order, over which neither mask changes. */
function sweep(
  a: RunLengths,
  b: RunLengths,
  visit: (length: number, insideA: boolean, insideB: boolean) => void,
): void {
  if (a.size[0] !== b.size[0] || a.size[1] !== b.size[1])
    throw new CribsheetError(
      'mask-size',
      `A mask of ${a.size[1]} x ${a.size[0]} pixels meets one of ${b.size[1]} x ${b.size[0]}.`,
      { advice: 'Give masks that belong to one image.' },
    )
  const total = a.size[0] * a.size[1]
  const cursorA = new RunCursor(a)
  const cursorB = new RunCursor(b)
  let position = 0
  while (position < total) {
    cursorA.advance(position)
    cursorB.advance(position)
    const end = Math.min(cursorA.end, cursorB.end, total)
    visit(end - position, cursorA.inside, cursorB.inside)
    position = end
  }
}

function combine(a: RunLengths, b: RunLengths, keep: (insideA: boolean, insideB: boolean) => boolean): RunLengths {
  const writer = new RunLengthWriter()
  sweep(a, b, (length, insideA, insideB) => writer.append(length, keep(insideA, insideB) ? 1 : 0))
  return writer.finish(a.size[1], a.size[0])
}

/** a or b. Throws CribsheetError mask-size, as do the others, where the two sizes differ. */
export function unite(a: RunLengths, b: RunLengths): RunLengths {
  return combine(a, b, (insideA, insideB) => insideA || insideB)
}

/** a and b. */
export function intersect(a: RunLengths, b: RunLengths): RunLengths {
  return combine(a, b, (insideA, insideB) => insideA && insideB)
}

/** a without b. */
export function subtract(a: RunLengths, b: RunLengths): RunLengths {
  return combine(a, b, (insideA, insideB) => insideA && !insideB)
}

/** What is not in it. */
export function invert(mask: RunLengths): RunLengths {
  return combine(mask, mask, (inside) => !inside)
}

/** Pixels inside both and inside either. */
function overlap(a: RunLengths, b: RunLengths): { intersection: number; union: number } {
  let intersection = 0
  let union = 0
  sweep(a, b, (length, insideA, insideB) => {
    if (insideA && insideB) intersection += length
    if (insideA || insideB) union += length
  })
  return { intersection, union }
}

/** 0 to 1; 0 where both masks are empty, as in pycocotools. */
export function intersectionOverUnion(a: RunLengths, b: RunLengths): number {
  const { intersection, union } = overlap(a, b)
  return union === 0 ? 0 : intersection / union
}
