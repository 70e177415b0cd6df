import { tf, type Tensor2D } from '../tensorflow/index.ts'
import type { TokenGrid } from './grid-distances.ts'

/** Tokens (n, 8) of a picture of four different quarters with some noise. */
export function patchwork({ rows, columns }: TokenGrid, spread: number, seed: number): Tensor2D {
  return tf.tidy(() => {
    const quarter = Array.from({ length: rows * columns }, (_, token) => {
      const [row, column] = [Math.floor(token / columns), token % columns]
      return 2 * Number(row >= rows / 2) + Number(column >= columns / 2)
    })
    const kinds = tf.randomNormal<typeof tf.Rank.R2>([4, 8], 0, spread, 'float32', seed)
    return kinds
      .gather(tf.tensor1d(quarter, 'int32'))
      .add(tf.randomNormal([rows * columns, 8], 0, 1, 'float32', seed + 100))
  })
}

/** The centres of the patches in pixels, (n, 2), x and y. */
export function gridPositions({ rows, columns }: TokenGrid): Tensor2D {
  const positions = Array.from({ length: rows * columns }, (_, token) => [
    16 * (token % columns) + 7.5,
    16 * Math.floor(token / columns) + 7.5,
  ])
  return tf.tensor2d(positions, [rows * columns, 2])
}
