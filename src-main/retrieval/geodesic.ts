import type { Grid } from './probability-maps.ts'

/** Neighbours of a token to the right and below; those on the other sides are seen from there. */
const directions = [
  { across: 1, down: 0, length: 1 },
  { across: -1, down: 1, length: Math.SQRT2 },
  { across: 0, down: 1, length: 1 },
  { across: 1, down: 1, length: Math.SQRT2 },
]
/** Of a step between tokens that are equal: also what is all alike has an end. */
const leastCost = 0.02
const mostSweeps = 64

/**
 * What it costs to go from each token to its four neighbours to the right and below: one minus their cosine, longer where it is a diagonal.
 *
 * @param tokens (n, dimensions) unit rows
 * @returns (n, 4); Infinity where there is no neighbour
 */
export function stepCosts(tokens: Float32Array, { columns, rows }: Grid, dimensions: number): Float32Array {
  const costs = new Float32Array(directions.length * columns * rows).fill(Infinity)
  for (let token = 0; token < columns * rows; token++) {
    directions.forEach(({ across, down, length }, direction) => {
      const neighbour = neighbourOf(token, across, down, { columns, rows })
      if (neighbour < 0) return
      let cosine = 0
      for (let i = 0; i < dimensions; i++) cosine += tokens[token * dimensions + i] * tokens[neighbour * dimensions + i]
      costs[directions.length * token + direction] = length * (1 - cosine) + leastCost
    })
  }
  return costs
}

/** -1 where there is none. */
function neighbourOf(token: number, across: number, down: number, { columns, rows }: Grid): number {
  const column = (token % columns) + across
  const row = Math.floor(token / columns) + down
  return column < 0 || column >= columns || row >= rows ? -1 : row * columns + column
}

/** What the cheapest way from any of the starts to each token costs; Infinity without starts. */
export function geodesicDistances(costs: Float32Array, grid: Grid, starts: readonly number[]): Float32Array {
  const tokens = grid.columns * grid.rows
  const distances = new Float32Array(tokens).fill(Infinity)
  for (const start of starts) distances[start] = 0
  if (starts.length === 0) return distances
  // Sweeps back and forth: a way that turns n times needs about n of them.
  for (let sweep = 0, changed = true; changed && sweep < mostSweeps; sweep++) {
    changed = false
    for (let i = 0; i < tokens; i++) {
      if (relax(sweep % 2 === 0 ? i : tokens - 1 - i, distances, costs, grid)) changed = true
    }
  }
  return distances
}

/** Between a token and its neighbours to the right and below, both ways. @returns whether a shorter way was found */
function relax(token: number, distances: Float32Array, costs: Float32Array, grid: Grid): boolean {
  let changed = false
  for (const [direction, { across, down }] of directions.entries()) {
    const cost = costs[directions.length * token + direction]
    if (cost === Infinity) continue
    const neighbour = token + across + down * grid.columns
    const [there, back] = [Math.fround(distances[token] + cost), Math.fround(distances[neighbour] + cost)]
    if (there < distances[neighbour]) {
      distances[neighbour] = there
      changed = true
    } else if (back < distances[token]) {
      distances[token] = back
      changed = true
    }
  }
  return changed
}
