import type { RunLengths } from '../contract/index.ts'
import type { Grid } from './probability-maps.ts'

/**
 * The share of each cell of a grid over the whole image that the mask covers, 0 to 1. Exact: a pixel that straddles cells counts in
 * each by its part, so the grid may be coarser or finer than the pixels.
 */
export function coverage(mask: RunLengths, grid: Grid): Float32Array {
  const [height, width] = mask.size
  const result = new Float32Array(grid.columns * grid.rows)
  const across = grid.columns / width
  const down = grid.rows / height
  forEachVerticalRun(mask, (x, top, bottom) => {
    const left = x * across
    const right = left + across
    for (let column = Math.floor(left); column < right && column < grid.columns; column++) {
      const breadth = Math.min(right, column + 1) - Math.max(left, column)
      if (breadth > 0) addRun(result, grid, column, breadth, top * down, bottom * down)
    }
  })
  for (let i = 0; i < result.length; i++) result[i] = Math.min(1, result[i])
  return result
}

/** Adds a run from `top` to `bottom`, in cells, of a breadth within one column. */
function addRun(result: Float32Array, grid: Grid, column: number, breadth: number, top: number, bottom: number): void {
  for (let row = Math.floor(top); row < bottom && row < grid.rows; row++) {
    result[row * grid.columns + column] += breadth * (Math.min(bottom, row + 1) - Math.max(top, row))
  }
}

/** Calls `visit(x, top, bottom)` for every vertical run of the mask's pixels (bottom not included), left to right. */
export function forEachVerticalRun(mask: RunLengths, visit: (x: number, top: number, bottom: number) => void): void {
  const [height] = mask.size
  let position = 0
  mask.counts.forEach((count, i) => {
    const end = position + count
    if (i % 2 === 1) {
      while (position < end) {
        const x = Math.floor(position / height)
        const stop = Math.min(end, (x + 1) * height)
        visit(x, position - x * height, stop - x * height)
        position = stop
      }
    }
    position = end
  })
}
