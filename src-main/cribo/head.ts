import { gelu, tf, withGradient, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import { linear } from './layers.ts'
import type { Weights } from './layout.ts'

/** The last layer for [CLS] tokens, and the one for objects. */
export type LastLayer = 'last_layer' | 'last_layer_c'

/** torch.nn.functional.normalize: x / max(||x||, 1e-12) over the last dimension. A row of zeros stays one, with gradient 0. */
export function normaliseRows<T extends Tensor>(x: T): T {
  return withGradient<T>([x], () => {
    const length = tf.maximum(tf.sqrt(x.square().sum(-1, true)), 1e-12)
    const value = x.div<T>(length)
    return { value, saved: [value, length], gradient: (dy, saved) => [alongSphere(dy, saved[0], -1).div(saved[1])] }
  })
}

/** The part of dy at right angles to the unit vectors y that lie along the axis. */
function alongSphere(dy: Tensor, y: Tensor, axis: number): Tensor {
  return dy.sub(y.mul(dy.mul(y).sum(axis, true)))
}

/** d -> 2048 -> GELU -> 2048 -> GELU -> 256 (widths are the weights'): (N, d) -> (N, 256). */
export function headMlp(x: Tensor2D, weights: Weights): Tensor2D {
  const first = gelu(linear(x, weights, 'mlp.0'))
  const second = gelu(linear(first, weights, 'mlp.2'))
  return linear(second, weights, 'mlp.4')
}

/** W = g * v / ||v||, one norm for each prototype: (256, H). */
function weightNormalised(weights: Weights, layer: LastLayer): Tensor2D {
  const [v, g] = [weights[`${layer}.weight_v`] as Tensor2D, weights[`${layer}.weight_g`]]
  return withGradient<Tensor2D>([v, g], () => {
    const inverse = v.square().sum(0, true).rsqrt()
    const value = v.mul(inverse).mul<Tensor2D>(g)
    return { value, saved: [v, g, inverse], gradient: weightNormGradient }
  })
}

/** With u = v / ||v||: dv = g / ||v|| * (the part of dW at right angles to u), dg = dW . u. */
function weightNormGradient(dw: Tensor, [v, g, inverse]: Tensor[]): Tensor[] {
  const u = v.mul(inverse)
  return [alongSphere(dw, u, 0).mul(g.mul(inverse)), dw.mul(u).sum(0, true)]
}

/** The projection head that both levels share but for the last layer: (N, d) -> (N, H) similarities with H prototypes. */
export function head(x: Tensor2D, weights: Weights, layer: LastLayer): Tensor2D {
  return tf.matMul(normaliseRows(headMlp(x, weights)), weightNormalised(weights, layer))
}
