import { tf, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'

const A = -0.75 // of PyTorch's bicubic kernel
/** DINO asks for a scale of (size + 0.1) / grid, so that rounding down gives `size`; PyTorch then samples with that very scale. */
const SCALE_MARGIN = 0.1

/** Keys' cubic convolution kernel with a = -0.75 at distance |x|. */
function cubic(distance: number): number {
  const x = Math.abs(distance)
  if (x <= 1) return ((A + 2) * x - (A + 3)) * x * x + 1
  if (x < 2) return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A
  return 0
}

/** The weights (size, grid) with which `size` positions along one axis sample `grid` learned ones; past the edge the edge repeats. */
function axisWeights(grid: number, size: number): Float64Array {
  const weights = new Float64Array(size * grid)
  const scale = (size + SCALE_MARGIN) / grid
  for (let i = 0; i < size; i++) {
    const source = (i + 0.5) / scale - 0.5 // pixels have their centres at half-integers
    const first = Math.floor(source) - 1
    for (let tap = first; tap < first + 4; tap++) {
      const clamped = Math.min(Math.max(tap, 0), grid - 1)
      weights[i * grid + clamped] += cubic(source - tap)
    }
  }
  return weights
}

/**
 * Resizing the learned grid of position embeddings bicubically, as one matrix (rows * columns, grid * grid): a product with it has a
 * gradient. A grid of the learned size is kept as it is.
 */
export function resizeMatrix(grid: number, rows: number, columns: number): Tensor2D {
  if (rows === grid && columns === grid) return tf.eye(grid * grid)
  const vertical = axisWeights(grid, rows)
  const horizontal = axisWeights(grid, columns)
  const matrix = new Float32Array(rows * columns * grid * grid)
  let entry = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let i = 0; i < grid; i++)
        for (let j = 0; j < grid; j++) matrix[entry++] = vertical[row * grid + i] * horizontal[column * grid + j]
  return tf.tensor2d(matrix, [rows * columns, grid * grid])
}

/**
 * The position embedding (1, 1 + grid * grid, d) for another grid: `resize` is resizeMatrix's (n, grid * grid), the part of [CLS]
 * is kept. -> (1, 1 + n, d)
 */
export function resizePositions(positions: Tensor3D, resize: Tensor2D): Tensor3D {
  return tf.tidy(() => {
    const [, length, width] = positions.shape
    const cls = positions.slice([0, 0, 0], [1, 1, width])
    const grid = positions.slice([0, 1, 0], [1, length - 1, width]).reshape<Tensor2D>([length - 1, width])
    return tf.concat([cls, resize.matMul(grid).reshape<Tensor3D>([1, resize.shape[0], width])], 1)
  })
}
