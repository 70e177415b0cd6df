import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { emptyMask, RunLengthWriter } from './run-lengths.ts'
import { unite } from './set-operations.ts'

/** A closed polygon, [x0, y0, x1, y1, ...]: (0, 0) is the upper left corner of the first pixel, (1, 1) its lower right one. */
export type Ring = readonly number[]

// rleFrPoly of pycocotools walks the boundary on a grid five times as fine as the pixels, a grid point (u, v) at a time. Only where
// the walk steps between the fine columns 5 i + 2 and 5 i + 3 does it cross the centre of pixel column i, and only such steps count.
// So we go from crossing to crossing, and compute the two points of each step with the very arithmetic of the walk.
const scale = 5
const centre = 2
/** Farther out the C code's integers would overflow. */
const farthest = 1e6

/** Told the pixel column and the smaller v of a step across its centre. */
type Cross = (column: number, v: number) => void

function onFineGrid(coordinate: number): number {
  if (!(Math.abs(coordinate) <= farthest))
    throw new CribsheetError('mask-invalid', `A polygon has a corner at ${coordinate}.`, {
      advice: 'Correct the polygon, or leave this annotation out.',
    })
  return Math.trunc(scale * coordinate + 0.5)
}

/** Visits the pixel columns in the image whose centre lies between two fine columns. */
function visitColumns(from: number, to: number, width: number, visit: (column: number, fine: number) => void): void {
  const first = Math.max(0, Math.ceil((Math.min(from, to) - centre) / scale))
  const last = Math.min(width - 1, Math.floor((Math.max(from, to) - 1 - centre) / scale))
  for (let column = first; column <= last; column++) visit(column, scale * column + centre)
}

/** A line at most as steep as a diagonal: every step goes one to the right, v is rounded. */
function crossFlatLine(x0: number, y0: number, x1: number, y1: number, width: number, cross: Cross): void {
  const [xs, xe, ys, ye] = x0 > x1 ? [x1, x0, y1, y0] : [x0, x1, y0, y1]
  const slope = (ye - ys) / (xe - xs)
  const v = (t: number): number => Math.trunc(ys + slope * t + 0.5)
  visitColumns(xs, xe, width, (column, fine) => {
    const t = fine - xs
    cross(column, Math.min(v(t), v(t + 1)))
  })
}

/** A steeper line: every step goes one down, u is rounded. */
function crossSteepLine(x0: number, y0: number, x1: number, y1: number, width: number, cross: Cross): void {
  const [xs, xe, ys, ye] = y0 > y1 ? [x1, x0, y1, y0] : [x0, x1, y0, y1]
  const slope = (xe - xs) / (ye - ys)
  const isRight = (t: number, fine: number): boolean => Math.trunc(xs + slope * t + 0.5) > fine
  visitColumns(xs, xe, width, (column, fine) => {
    const crossed = (t: number): boolean => isRight(t, fine) === slope > 0
    // The first step after the crossing: estimated, then settled by the walk's own rounding.
    let t = Math.max(1, Math.ceil((fine + 0.5 - xs) / slope))
    while (t > 1 && crossed(t - 1)) t--
    while (!crossed(t)) t++
    cross(column, ys + t - 1)
  })
}

/** Column-major positions at which the boundary crosses the centre of a pixel column, sorted. */
function crossings(ring: Ring, width: number, height: number): Uint32Array {
  const positions: number[] = []
  const cross: Cross = (column, v) => {
    const y = (v + 0.5) / scale - 0.5
    positions.push(column * height + Math.ceil(Math.min(Math.max(y, 0), height)))
  }
  const corners = ring.length >> 1
  let x0 = onFineGrid(ring[2 * corners - 2])
  let y0 = onFineGrid(ring[2 * corners - 1])
  for (let corner = 0; corner < corners; corner++) {
    const x1 = onFineGrid(ring[2 * corner])
    const y1 = onFineGrid(ring[2 * corner + 1])
    const crossLine = Math.abs(x1 - x0) >= Math.abs(y1 - y0) ? crossFlatLine : crossSteepLine
    crossLine(x0, y0, x1, y1, width, cross)
    x0 = x1
    y0 = y1
  }
  return Uint32Array.from(positions).sort()
}

function rasteriseRing(ring: Ring, width: number, height: number): RunLengths {
  const writer = new RunLengthWriter()
  let start = 0
  let inside = 0
  for (const position of crossings(ring, width, height)) {
    writer.append(position - start, inside)
    start = position
    inside = 1 - inside
  }
  writer.append(width * height - start, inside)
  return writer.finish(width, height)
}

/**
 * The pixels of the union of the rings, bit for bit what pycocotools makes of them (rleFrPoly, then rleMerge): inside a ring
 * is even-odd, and a ring inside another does not cut a hole.
 *
 * @throws CribsheetError mask-invalid where a coordinate is no number or absurdly far out
 */
export function rasterisePolygons(rings: readonly Ring[], width: number, height: number): RunLengths {
  const masks = rings.filter((ring) => ring.length >= 2).map((ring) => rasteriseRing(ring, width, height))
  return masks.length === 0 ? emptyMask(width, height) : masks.reduce(unite)
}
