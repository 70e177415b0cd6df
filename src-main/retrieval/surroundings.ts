import type { Box, RunLengths } from '../contract/index.ts'
import type { ClassMap } from './class-map.ts'
import { forEachVerticalRun } from './coverage.ts'
import type { Grid } from './probability-maps.ts'

/** A connected part of a class map. */
export interface Part {
  classIndex: number
  mask: RunLengths
  box: Box
}

/** What a cell near a part is: of another part where that has the same class. */
export const place = { outside: 0, inside: 1, ofAnother: 2 } as const

/** The cells of a grid in a part and around it. */
export interface Surroundings extends Grid {
  /** Of the first cell, on the whole grid. */
  left: number
  top: number
  /** (rows, columns) one of `place` each. */
  places: Uint8Array
}

/** How far around a part is looked, as a share of its sides, and in cells at least. */
const reach = { share: 0.25, cells: 6 }

/** @param grid over the whole image; a cell is what the pixel in its centre is */
export function surroundingsOf(part: Part, { width, height, indices }: ClassMap, grid: Grid): Surroundings {
  const { box, classIndex } = part
  const [left, right] = around(box.x, box.width, grid.columns / width, grid.columns)
  const [top, bottom] = around(box.y, box.height, grid.rows / height, grid.rows)
  const inBox = pixelsInBox(part)
  const places = new Uint8Array((right - left) * (bottom - top))
  const xs = centres(left, right, width / grid.columns)
  const ys = centres(top, bottom, height / grid.rows)
  let at = 0
  for (const y of ys) {
    for (const x of xs) {
      const isOfClass = indices[y * width + x] === classIndex
      if (isOfClass) places[at] = isInside(x - box.x, y - box.y, box, inBox) ? place.inside : place.ofAnother
      at++
    }
  }
  return { left, top, columns: right - left, rows: bottom - top, places }
}

/** The pixels in the centres of cells along one axis. */
function centres(first: number, end: number, pixelsPerCell: number): Int32Array {
  return Int32Array.from({ length: end - first }, (_, i) => Math.floor((first + i + 0.5) * pixelsPerCell))
}

/** The cells along one axis, from the first to before the last. */
function around(start: number, length: number, scale: number, cells: number): [number, number] {
  const margin = Math.max(reach.cells, reach.share * length * scale)
  return [
    Math.max(0, Math.floor(start * scale - margin)),
    Math.min(cells, Math.ceil((start + length) * scale + margin)),
  ]
}

function pixelsInBox({ mask, box }: Part): Uint8Array {
  const inside = new Uint8Array(box.width * box.height)
  forEachVerticalRun(mask, (x, top, bottom) => {
    for (let y = top; y < bottom; y++) inside[(y - box.y) * box.width + x - box.x] = 1
  })
  return inside
}

function isInside(x: number, y: number, { width, height }: Box, inBox: Uint8Array): boolean {
  return x >= 0 && y >= 0 && x < width && y < height && inBox[y * width + x] === 1
}
