import { tf, type Tensor } from './library.ts'
import { withGradient } from './with-gradient.ts'

/** What a captured graph computes `matrixProduct` in. Sums inside a product are float32 in either. */
export type ProductType = 'float32' | 'bfloat16'

let running = 0

/** Whether the op that runs now belongs to a `matrixProduct`. */
export function isInMatrixProduct(): boolean {
  return running > 0
}

/**
 * a b of a network's layers, or a b^T, over the last two dimensions. Where capture is told so it is computed in bfloat16, and so is its gradient:
 * for products whose results are normalised or added up afterwards, not for distances, means or logits at a low temperature. Run op by op
 * it is float32, since tfjs knows no other type.
 *
 * @param a (..., n, k)
 * @param b (..., k, m), or (..., m, k) to be transposed; its leading dimensions are those of a.
 */
export function matrixProduct<T extends Tensor>(a: T, b: Tensor, transposeB = false): T {
  return withGradient<T>([a, b], () => ({
    value: product(a, b, false, transposeB) as T,
    saved: [a, b],
    gradient: (dy, [left, right]) => [
      product(dy, right, false, !transposeB),
      transposeB ? product(dy, left, true, false) : product(left, dy, true, false),
    ],
  }))
}

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  running++
  try {
    return tf.matMul(a, b, transposeA, transposeB)
  } finally {
    running--
  }
}
