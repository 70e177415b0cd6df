import type { RunLengths } from '../../contract/index.ts'
import { area, boundingBox, RunLengthWriter, type Component } from '../../masks/index.ts'
import { forEachVerticalRun } from '../coverage.ts'
import type { Size } from '../input-size.ts'
import { forEachNeighbour } from './basins.ts'

/** Instances on a part of the work image. */
export interface InstanceMap extends Size {
  /** Of the part, in the work image. */
  left: number
  top: number
  /** (height, width) from 1; 0 where there is none. */
  instances: Int32Array
}

/**
 * A mask divided among instances that were told apart on the smaller work image: each pixel goes to the instance that its centre lies on, or
 * the nearest one. Disjoint, together the mask; the largest first.
 */
export function divideMask(mask: RunLengths, map: InstanceMap, workImage: Size): Component[] {
  const [height, width] = mask.size
  const everywhere = spreadOut(map.instances, map.width)
  const clamp = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))
  const rowStarts = Int32Array.from({ length: height }, (_, y) => {
    return map.width * clamp(Math.floor(((y + 0.5) * workImage.height) / height) - map.top, map.height)
  })
  const parts = new Map<number, PartWriter>()
  forEachVerticalRun(mask, (x, top, bottom) => {
    const column = clamp(Math.floor(((x + 0.5) * workImage.width) / width) - map.left, map.width)
    for (let start = top, end = top; start < bottom; start = end) {
      const instance = everywhere[rowStarts[start] + column]
      while (end < bottom && everywhere[rowStarts[end] + column] === instance) end++
      let part = parts.get(instance)
      if (!part) parts.set(instance, (part = new PartWriter()))
      part.append(x * height + start, x * height + end)
    }
  })
  const masks = [...parts.values()].map((part) => part.finish(width, height))
  return masks.map((each) => ({ mask: each, area: area(each), box: boundingBox(each) })).sort((a, b) => b.area - a.area)
}

class PartWriter {
  readonly #writer = new RunLengthWriter()
  #position = 0

  /** Column-major positions, `end` not included. */
  append(start: number, end: number): void {
    this.#writer.append(start - this.#position, 0)
    this.#writer.append(end - start, 1)
    this.#position = end
  }

  finish(width: number, height: number): RunLengths {
    this.#writer.append(width * height - this.#position, 0)
    return this.#writer.finish(width, height)
  }
}

/** Every pixel gets the number of the nearest one that has one, in steps to any of the eight neighbours. */
function spreadOut(instances: Int32Array, width: number): Int32Array {
  const everywhere = Int32Array.from(instances)
  let front = [...everywhere.keys()].filter((i) => everywhere[i] !== 0)
  while (front.length > 0) {
    const next: number[] = []
    for (const i of front)
      forEachNeighbour(i, width, everywhere.length, (j) => {
        if (everywhere[j] !== 0) return
        everywhere[j] = everywhere[i]
        next.push(j)
      })
    front = next
  }
  return everywhere
}
