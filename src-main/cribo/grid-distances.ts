/** Tokens lie row by row on a grid. */
export interface TokenGrid {
  rows: number
  columns: number
}

/** Larger than any squared distance, and still itself when one is added. */
const NONE = 2 ** 30

/**
 * The least non-zero distance from each token to a token of each cluster, in steps of the grid, 0 where there is none: (n, K).
 *
 * A token's nearest in one row is found by sweeping along that row; the nearest of all is among the nearest of each row.
 *
 * @param assignment the cluster of each token, 0 to K - 1; K is none.
 */
export function leastGridDistances(assignment: Int32Array, { rows, columns }: TokenGrid, K: number): Float64Array {
  const others = squaredInRow(assignment, columns, K)
  const withSelf = others.slice()
  assignment.forEach((cluster, token) => {
    if (cluster < K) withSelf[token * K + cluster] = 0
  })
  const distances = new Float64Array(assignment.length * K)
  const least = new Int32Array(K)
  for (let token = 0; token < assignment.length; token++) {
    const row = Math.floor(token / columns)
    least.set(others.subarray(token * K, (token + 1) * K))
    for (let other = 0, start = (token % columns) * K; other < rows; other++, start += columns * K) {
      if (other === row) continue
      const vertical = (other - row) * (other - row)
      for (let k = 0; k < K; k++) {
        const squared = vertical + withSelf[start + k]
        if (squared < least[k]) least[k] = squared
      }
    }
    for (let k = 0; k < K; k++) distances[token * K + k] = least[k] < NONE ? Math.sqrt(least[k]) : 0
  }
  return distances
}

/** The squared distance from each token to the nearest other one of each cluster in its own row, or NONE: (n, K). */
function squaredInRow(assignment: Int32Array, columns: number, K: number): Int32Array {
  const squared = new Int32Array(assignment.length * K).fill(NONE)
  const sweep = (start: number, step: 1 | -1) => {
    const last = new Int32Array(K + 1).fill(-1)
    for (let i = 0, token = start; i < columns; i++, token += step) {
      for (let k = 0; k < K; k++) {
        if (last[k] < 0) continue
        const distance = (token - last[k]) * (token - last[k])
        if (distance < squared[token * K + k]) squared[token * K + k] = distance
      }
      last[assignment[token]] = token
    }
  }
  for (let start = 0; start < assignment.length; start += columns) {
    sweep(start, 1)
    sweep(start + columns - 1, -1)
  }
  return squared
}
