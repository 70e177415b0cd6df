import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { area, subtract, unite } from '../masks/index.ts'
import { coverage } from './coverage.ts'
import type { Grid } from './probability-maps.ts'

/** What is labelled in an image whose objects of every class in question are all labelled: what no region covers is background. */
export interface Labels {
  imageId: number
  /** Of the upright image, in pixels. */
  width: number
  height: number
  regions: LabelledRegion[]
  /** Pixels that are neither object nor background: they say nothing. */
  ignored: RunLengths | null
}

export interface LabelledRegion {
  annotationId: number
  classId: number
  /** On the upright image. */
  mask: RunLengths
}

/** The class id of what no region covers. */
export const background = 0

/**
 * The class ids that labels speak of, ascending: background (0), unless regions cover every pixel of every image that is not
 * ignored, then the classes that have a region.
 */
export function classIdsOf(labelled: Labels[]): number[] {
  const ids = new Set(labelled.flatMap(({ regions }) => regions.map(({ classId }) => classId)))
  if (labelled.some(hasBackground)) ids.add(background)
  return [...ids].sort((a, b) => a - b)
}

/** Whether any pixel is neither labelled nor ignored. */
export function hasBackground({ width, height, regions, ignored }: Omit<Labels, 'imageId'>): boolean {
  const covered = regions.map(({ mask }) => mask).concat(ignored ?? [])
  return covered.length === 0 || area(covered.reduce(unite)) < width * height
}

/** What the labels say about every cell of a grid over the image. */
export interface GridLabels {
  /** (n) the part of the cell that is not ignored. */
  known: Float32Array
  /** (classes, n), each cell's sum to one where anything is known. */
  shares: Float32Array
  /** (classes, n) the annotation that covers most of the cell's part of this class; 0 for none. */
  annotations: Uint32Array
}

/**
 * The masks averaged over each cell. Where masks of several classes overlap, the classes share the pixels.
 *
 * @param classIds of the classes, as classIdsOf gives them
 * @throws CribsheetError mask-size where a mask is not of its image's size
 */
export function labelGrid(labels: Labels, grid: Grid, classIds: number[]): GridLabels {
  checkMaskSizes(labels)
  const cells = grid.columns * grid.rows
  const { ignored } = labels
  const known = new Float32Array(cells).fill(1)
  if (ignored) coverage(ignored, grid).forEach((share, i) => (known[i] -= share))
  const shares = new Float32Array(classIds.length * cells)
  const annotations = new Uint32Array(classIds.length * cells)
  classIds.forEach((classId, c) => {
    const regions = classId === background ? [] : labels.regions.filter((region) => region.classId === classId)
    if (regions.length === 0) return
    const mask = withoutIgnored(regions.map((region) => region.mask).reduce(unite), ignored)
    shares.set(coverage(mask, grid), c * cells)
    annotations.set(largestRegions(regions, grid), c * cells)
  })
  if (classIds[0] === background) shares.set(backgroundShares(labels, known, grid))
  normaliseCells(shares, classIds.length, cells)
  return { known, shares, annotations }
}

function backgroundShares({ regions, ignored }: Labels, known: Float32Array, grid: Grid): Float32Array {
  if (regions.length === 0) return known
  const covered = coverage(withoutIgnored(regions.map(({ mask }) => mask).reduce(unite), ignored), grid)
  return known.map((share, i) => Math.max(0, share - covered[i]))
}

function withoutIgnored(mask: RunLengths, ignored: RunLengths | null): RunLengths {
  return ignored ? subtract(mask, ignored) : mask
}

/** For each cell, the id of the region that covers most of it; 0 where none covers any. */
function largestRegions(regions: LabelledRegion[], grid: Grid): Uint32Array {
  const ids = new Uint32Array(grid.columns * grid.rows)
  const largest = new Float32Array(ids.length)
  for (const { annotationId, mask } of regions) {
    coverage(mask, grid).forEach((share, i) => {
      if (share <= largest[i]) return
      largest[i] = share
      ids[i] = annotationId
    })
  }
  return ids
}

function normaliseCells(shares: Float32Array, classes: number, cells: number): void {
  for (let i = 0; i < cells; i++) {
    let sum = 0
    for (let c = 0; c < classes; c++) sum += shares[c * cells + i]
    if (sum > 0) for (let c = 0; c < classes; c++) shares[c * cells + i] /= sum
  }
}

function checkMaskSizes({ imageId, width, height, regions, ignored }: Labels): void {
  for (const mask of regions.map((region) => region.mask).concat(ignored ?? [])) {
    const [maskHeight, maskWidth] = mask.size
    if (maskHeight === height && maskWidth === width) continue
    throw new CribsheetError(
      'mask-size',
      `A mask of image ${imageId} is ${maskWidth} x ${maskHeight} pixels; the image is ${width} x ${height}.`,
      { advice: 'Draw or import the mask again for this image.' },
    )
  }
}
