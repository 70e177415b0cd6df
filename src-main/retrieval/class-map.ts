import { bilinearTaps, interpolateRow, type Taps } from './interpolation.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

/** The class of every pixel of an image, row-major: an index into the class ids of the propagation. */
export interface ClassMap {
  width: number
  height: number
  indices: Uint8Array | Uint16Array
}

export interface ClassifiedPixels extends ClassMap {
  /** (p1 - p2) / sum of each pixel's probabilities, in 255ths: a byte a pixel is precise enough for a mean. */
  margins: Uint8Array
}

/** Interpolates the maps bilinearly to the size of the image and takes the most probable class, the lower index where two are equal. */
export function classifyPixels(maps: ProbabilityMaps, width: number, height: number): ClassifiedPixels {
  const { classes, columns, rows } = maps
  const indices = classes <= 256 ? new Uint8Array(width * height) : new Uint16Array(width * height)
  const margins = new Uint8Array(width * height)
  const down = bilinearTaps(rows, height)
  const across = bilinearTaps(columns, width)
  const ranking = {
    best: new Uint16Array(width),
    first: new Float32Array(width),
    second: new Float32Array(width),
    sum: new Float32Array(width),
  }
  const line = new Float32Array(columns)
  for (let y = 0; y < height; y++) {
    ranking.first.fill(-1)
    ranking.second.fill(0)
    ranking.sum.fill(0)
    for (let c = 0; c < classes; c++) {
      const plane = c * columns * rows
      const above = plane + down.before[y] * columns
      const below = plane + down.after[y] * columns
      interpolateRow(maps.values, above, below, down.share[y], columns, line)
      rankClass(c, line, across, ranking)
    }
    indices.set(ranking.best, y * width)
    writeMargins(ranking, margins, y * width)
  }
  return { width, height, indices, margins }
}

/** The two most probable classes of each pixel of one row, so far. */
interface Ranking {
  best: Uint16Array
  first: Float32Array
  second: Float32Array
  sum: Float32Array
}

function rankClass(classIndex: number, line: Float32Array, across: Taps, ranking: Ranking): void {
  const { before, after, share } = across
  const { best, first, second, sum } = ranking
  for (let x = 0; x < best.length; x++) {
    const left = line[before[x]]
    // Rounded as the stored values that it is compared with: else equal classes would not tie.
    const value = Math.fround(left + share[x] * (line[after[x]] - left))
    const largest = first[x]
    sum[x] += value
    if (value > largest) {
      second[x] = largest
      first[x] = value
      best[x] = classIndex
    } else if (value > second[x]) second[x] = value
  }
}

function writeMargins({ first, second, sum }: Ranking, margins: Uint8Array, row: number): void {
  for (let x = 0; x < sum.length; x++) {
    const runnerUp = second[x] > 0 ? second[x] : 0
    margins[row + x] = sum[x] > 0 ? Math.round((255 * (first[x] - runnerUp)) / sum[x]) : 0
  }
}
