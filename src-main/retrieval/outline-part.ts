import type { RunLengths } from '../contract/index.ts'
import { boundingBox, encodeRunLengths } from '../masks/index.ts'
import { forEachVerticalRun } from './coverage.ts'
import type { Size } from './input-size.ts'
import { bilinearTaps, interpolateRow } from './interpolation.ts'
import type { Grid, ProbabilityMaps } from './probability-maps.ts'

/** Which parts of what is more probable than not: those under points of the maps, or all but the small ones. */
export type KeepParts = { under: readonly { x: number; y: number }[] } | 'large'

/** A point beside a part still means it, in cells of the maps. */
const nearby = 12
/** A hole with less than this share of the cells around it is noise, and filled. */
const holeShare = 0.01
/** A part is small with less than this share of the largest one's cells. */
const smallShare = 0.1

/**
 * Where class 1 of the maps is more probable than not, as a mask of the image: the maps are enlarged bilinearly, and only where a part is,
 * so that it costs time by the size of the part.
 *
 * @returns null where there is none
 */
export function outlinePart(maps: ProbabilityMaps, image: Size, keep: KeepParts): RunLengths | null {
  const cells = maps.columns * maps.rows
  const shares = maps.values.slice(cells)
  const parts = findParts(maps, (cell) => shares[cell] > 0.5)
  const kept = keep === 'large' ? largeParts(parts) : partsUnder(keep.under, parts, maps)
  const isKept = Uint8Array.from(parts.labels, (label) => (kept.has(label) ? 1 : 0))
  const box = boundingBox(encodeRunLengths({ width: maps.columns, height: maps.rows, data: isKept }))
  if (box.width === 0) return null
  for (let i = 0; i < cells; i++) if (parts.labels[i] > 0 && isKept[i] === 0) shares[i] = 0 // another part
  fillHoles(shares, isKept, maps)
  const mask = enlarge(shares, maps, image, box)
  return mask.counts.length > 1 ? mask : null
}

/** The part of each cell, from 1; 0 for none; and how many cells each has. */
interface Parts {
  labels: Uint32Array
  sizes: number[]
}

/** What is outside, but hangs together with too little to be the outside. */
function fillHoles(shares: Float32Array, isKept: Uint8Array, grid: Grid): void {
  const area = isKept.reduce((sum, each) => sum + each, 0)
  const outside = findParts(grid, (cell) => isKept[cell] === 0)
  for (let i = 0; i < isKept.length; i++) {
    const label = outside.labels[i]
    if (label > 0 && outside.sizes[label] < holeShare * area) shares[i] = 1
  }
}

/** What hangs together by edges of the cells that are in. */
function findParts({ columns, rows }: Grid, isIn: (cell: number) => boolean): Parts {
  const labels = new Uint32Array(columns * rows)
  const sizes = [0]
  const stack: number[] = []
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] !== 0 || !isIn(start)) continue
    const label = sizes.push(0) - 1
    labels[start] = label
    stack.push(start)
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      sizes[label]++
      const column = cell % columns
      const take = (next: number) => {
        if (labels[next] !== 0 || !isIn(next)) return
        labels[next] = label
        stack.push(next)
      }
      if (column > 0) take(cell - 1)
      if (column + 1 < columns) take(cell + 1)
      if (cell >= columns) take(cell - columns)
      if (cell + columns < labels.length) take(cell + columns)
    }
  }
  return { labels, sizes }
}

function largeParts({ sizes }: Parts): Set<number> {
  const largest = Math.max(...sizes)
  return new Set(sizes.flatMap((size, label) => (label > 0 && size >= smallShare * largest ? [label] : [])))
}

function partsUnder(points: readonly { x: number; y: number }[], { labels }: Parts, grid: Grid): Set<number> {
  return new Set(points.map((point) => labelNear(point, labels, grid)).filter((label) => label > 0))
}

/** Of the part under a point, else of the nearest one; 0 where none is near. */
function labelNear({ x, y }: { x: number; y: number }, labels: Uint32Array, { columns, rows }: Grid): number {
  const [column, row] = [Math.floor(x), Math.floor(y)]
  let nearest = { label: 0, distance: Infinity }
  for (let r = Math.max(0, row - nearby); r <= Math.min(rows - 1, row + nearby); r++) {
    for (let c = Math.max(0, column - nearby); c <= Math.min(columns - 1, column + nearby); c++) {
      const label = labels[r * columns + c]
      const distance = (r - row) ** 2 + (c - column) ** 2
      if (label > 0 && distance < nearest.distance) nearest = { label, distance }
    }
  }
  return nearest.label
}

/** Shares on a grid, as the mask of the image's pixels with more than a half, looked for around a box of cells. */
function enlarge(
  shares: Float32Array,
  { columns, rows }: Grid,
  { width, height }: Size,
  box: { x: number; y: number; width: number; height: number },
): RunLengths {
  const range = (first: number, length: number, from: number, to: number) => ({
    start: Math.max(0, Math.floor(((first - 1) * to) / from)),
    end: Math.min(to, Math.ceil(((first + length + 1) * to) / from)),
  })
  const across = range(box.x, box.width, columns, width)
  const down = range(box.y, box.height, rows, height)
  const tapsAcross = bilinearTaps(columns, width)
  const tapsDown = bilinearTaps(rows, height)
  const inside = { width: across.end - across.start, height: down.end - down.start }
  const data = new Uint8Array(inside.width * inside.height)
  const line = new Float32Array(columns)
  let at = 0
  for (let y = down.start; y < down.end; y++) {
    const [above, below] = [tapsDown.before[y] * columns, tapsDown.after[y] * columns]
    interpolateRow(shares, above, below, tapsDown.share[y], columns, line)
    for (let x = across.start; x < across.end; x++) {
      const left = line[tapsAcross.before[x]]
      data[at++] = left + tapsAcross.share[x] * (line[tapsAcross.after[x]] - left) > 0.5 ? 1 : 0
    }
  }
  return placed(encodeRunLengths({ ...inside, data }), across.start, down.start, { width, height })
}

/** A mask as a part of a larger one that is empty elsewhere. */
function placed(mask: RunLengths, left: number, top: number, { width, height }: Size): RunLengths {
  const counts: number[] = []
  let end = 0
  forEachVerticalRun(mask, (x, first, last) => {
    const start = (left + x) * height + top + first
    const stop = start + last - first
    if (counts.length > 0 && start === end) counts[counts.length - 1] += stop - start
    else counts.push(start - end, stop - start)
    end = stop
  })
  if (end < width * height) counts.push(width * height - end)
  return { size: [height, width], counts }
}
