import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'

// Far below any real norm: a row of zeros stays zeros.
const TINY = 1e-12

/** Rows (the last dimension) at unit length. */
export function unitRows<T extends Tensor>(x: T): T {
  return tf.tidy(() => x.div(x.square().sum(-1, true).sqrt().maximum(TINY)))
}

/**
 * The features of propagation: the tokens of each depth minus the folder's mean, at unit length, side by side, at unit length again.
 *
 * @param depths one (B, n, d) a depth: the residual stream
 * @param means one (d) a depth: the mean over the folder at this input size
 * @returns x (B, n, depths * d)
 */
export function combineDepths(depths: Tensor3D[], means: Tensor1D[]): Tensor3D {
  return tf.tidy(() => {
    const centred = depths.map((tokens, i) => unitRows<Tensor3D>(tokens.sub(means[i])))
    return tf.concat(centred, 2).mul(1 / Math.sqrt(depths.length)) // the length of so many unit vectors side by side
  })
}

/**
 * x in fewer numbers. The rows come back to unit length, so that products stay cosines.
 *
 * @param x (B, n, c)
 * @param projection (c, components)
 */
export function project(x: Tensor3D, projection: Tensor2D): Tensor3D {
  return tf.tidy(() => {
    const [batch, tokens, width] = x.shape
    const reduced = tf.matMul(x.reshape([batch * tokens, width]), projection)
    return unitRows(reduced).reshape([batch, tokens, projection.shape[1]])
  })
}
