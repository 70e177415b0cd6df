/** A grid over an image: tokens of one scale, or pixels. Cell `row * columns + column`. */
export interface Grid {
  columns: number
  rows: number
}

/** How probable each class is in each cell: class c at cell i is `values[c * columns * rows + i]`; the classes of a cell sum to one. */
export interface ProbabilityMaps extends Grid {
  classes: number
  values: Float32Array
}

/** Divides every cell by the sum of its classes; a cell of zeros becomes uniform. In place. */
export function normalise(maps: ProbabilityMaps): void {
  const { classes, values } = maps
  const cells = maps.columns * maps.rows
  const sums = new Float32Array(cells)
  for (let c = 0; c < classes; c++) for (let i = 0; i < cells; i++) sums[i] += values[c * cells + i]
  for (let c = 0; c < classes; c++) {
    for (let i = 0; i < cells; i++) {
      const at = c * cells + i
      values[at] = sums[i] > 0 ? values[at] / sums[i] : 1 / classes
    }
  }
}

/** The most probable class of each cell; the lower index where two are equal. */
export function mostProbable(maps: ProbabilityMaps): Uint16Array {
  const cells = maps.columns * maps.rows
  const best = new Uint16Array(cells)
  for (let c = 1; c < maps.classes; c++) {
    for (let i = 0; i < cells; i++) {
      if (maps.values[c * cells + i] > maps.values[best[i] * cells + i]) best[i] = c
    }
  }
  return best
}

/** The most probable class of each cell, the lower index where two are equal, and the two largest probabilities. */
export interface RankedClasses {
  best: Uint16Array
  first: Float32Array
  /** 0 where there is one class alone. */
  second: Float32Array
}

export function rankClasses({ classes, columns, rows, values }: ProbabilityMaps): RankedClasses {
  const cells = columns * rows
  const best = new Uint16Array(cells)
  const first = values.slice(0, cells)
  const second = new Float32Array(cells)
  for (let c = 1; c < classes; c++) {
    for (let i = 0; i < cells; i++) {
      const value = values[c * cells + i]
      if (value > first[i]) {
        second[i] = first[i]
        first[i] = value
        best[i] = c
      } else if (value > second[i]) second[i] = value
    }
  }
  return { best, first, second }
}
