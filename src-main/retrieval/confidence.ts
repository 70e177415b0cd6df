import type { RunLengths } from '../contract/index.ts'
import type { ClassifiedPixels } from './class-map.ts'
import { forEachVerticalRun } from './coverage.ts'
import { mostProbable, type Grid, type ProbabilityMaps } from './probability-maps.ts'

/** Where on the finest grid all scales have the same most probable class (1), and where not (0). */
export interface Agreement extends Grid {
  cells: Uint8Array
}

/** @param scales maps on one grid */
export function agreementOf(scales: ProbabilityMaps[]): Agreement {
  const [first, ...others] = scales.map(mostProbable)
  const cells = Uint8Array.from(first, (best, i) => (others.every((other) => other[i] === best) ? 1 : 0))
  return { columns: scales[0].columns, rows: scales[0].rows, cells }
}

/**
 * How sure a component is, 0 to 1: the mean margin (p1 - p2) / sum of its pixels times the share of them on which the scales agree.
 * It ranks; it is not calibrated.
 */
export function scoreOf(mask: RunLengths, pixels: ClassifiedPixels, agreement: Agreement): number {
  const { width, height, margins } = pixels
  let count = 0
  let margin = 0
  let agreed = 0
  const rowStarts = Uint32Array.from(
    { length: height },
    (_, y) => agreement.columns * Math.floor(((y + 0.5) * agreement.rows) / height),
  )
  forEachVerticalRun(mask, (x, top, bottom) => {
    const column = Math.floor(((x + 0.5) * agreement.columns) / width)
    count += bottom - top
    for (let y = top; y < bottom; y++) {
      margin += margins[y * width + x]
      agreed += agreement.cells[rowStarts[y] + column]
    }
  })
  return (margin / (255 * count)) * (agreed / count)
}
