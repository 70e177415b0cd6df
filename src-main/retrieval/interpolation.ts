import type { Grid, ProbabilityMaps } from './probability-maps.ts'

/** Where each of `to` samples falls between two of `from`: half-pixel centres, edges repeated. */
export interface Taps {
  before: Uint32Array
  after: Uint32Array
  /** Weight of `after`; `before` has the rest. */
  share: Float32Array
}

export function bilinearTaps(from: number, to: number): Taps {
  const taps: Taps = { before: new Uint32Array(to), after: new Uint32Array(to), share: new Float32Array(to) }
  for (let i = 0; i < to; i++) {
    const position = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5))
    const before = Math.floor(position)
    taps.before[i] = before
    taps.after[i] = Math.min(from - 1, before + 1)
    taps.share[i] = position - before
  }
  return taps
}

/** One row of the result: `width` values of the source between its rows `above` and `below` (offsets into `source`). */
export function interpolateRow(
  source: Float32Array,
  above: number,
  below: number,
  share: number,
  width: number,
  result: Float32Array,
): void {
  for (let x = 0; x < width; x++) {
    const value = source[above + x]
    result[x] = value + share * (source[below + x] - value)
  }
}

/** Bilinear, half-pixel centres, no antialiasing: classes of a cell still sum to one. The same maps where they have that size. */
export function resizeMaps(maps: ProbabilityMaps, size: Grid): ProbabilityMaps {
  const { classes, columns, rows } = maps
  if (columns === size.columns && rows === size.rows) return maps
  const across = bilinearTaps(columns, size.columns)
  const down = bilinearTaps(rows, size.rows)
  const values = new Float32Array(classes * size.columns * size.rows)
  const row = new Float32Array(columns)
  let at = 0
  for (let c = 0; c < classes; c++) {
    const plane = c * columns * rows
    for (let y = 0; y < size.rows; y++) {
      interpolateRow(
        maps.values,
        plane + down.before[y] * columns,
        plane + down.after[y] * columns,
        down.share[y],
        columns,
        row,
      )
      for (let x = 0; x < size.columns; x++) {
        const left = row[across.before[x]]
        values[at++] = left + across.share[x] * (row[across.after[x]] - left)
      }
    }
  }
  return { classes, columns: size.columns, rows: size.rows, values }
}
