import { bilinearTaps, interpolateRow, type Taps } from './interpolation.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

/** The class of every pixel of an image, row-major: an index into the class ids of the propagation. */
export interface ClassMap {
  width: number
  height: number
  indices: Uint8Array | Uint16Array
}

function newIndices(classes: number, pixels: number): ClassMap['indices'] {
  return classes <= 256 ? new Uint8Array(pixels) : new Uint16Array(pixels)
}

/** The map with the index `names[i]`, of so many classes, where it had i. */
export function renameClasses(map: ClassMap, names: readonly number[], classes: number): ClassMap {
  const indices = newIndices(classes, map.indices.length)
  const named = Uint16Array.from(names)
  for (let i = 0; i < indices.length; i++) indices[i] = named[map.indices[i]]
  return { ...map, indices }
}

/** Interpolates the maps bilinearly to the size of the image and takes the most probable class, the lower index where two are equal. */
export function classifyPixels(maps: ProbabilityMaps, width: number, height: number): ClassMap {
  const { classes, columns, rows } = maps
  const indices = newIndices(classes, width * height)
  const down = bilinearTaps(rows, height)
  const across = bilinearTaps(columns, width)
  const ranking = {
    best: new Uint16Array(width),
    first: new Float32Array(width),
  }
  const line = new Float32Array(columns)
  for (let y = 0; y < height; y++) {
    ranking.first.fill(-1)
    for (let c = 0; c < classes; c++) {
      const plane = c * columns * rows
      const above = plane + down.before[y] * columns
      const below = plane + down.after[y] * columns
      interpolateRow(maps.values, above, below, down.share[y], columns, line)
      rankClass(c, line, across, ranking)
    }
    indices.set(ranking.best, y * width)
  }
  return { width, height, indices }
}

/** The most probable class of each pixel of one row, so far. */
interface Ranking {
  best: Uint16Array
  first: Float32Array
}

function rankClass(classIndex: number, line: Float32Array, across: Taps, ranking: Ranking): void {
  const { before, after, share } = across
  const { best, first } = ranking
  for (let x = 0; x < best.length; x++) {
    const left = line[before[x]]
    // Rounded as the stored values that it is compared with: else equal classes would not tie.
    const value = Math.fround(left + share[x] * (line[after[x]] - left))
    if (value > first[x]) {
      first[x] = value
      best[x] = classIndex
    }
  }
}
