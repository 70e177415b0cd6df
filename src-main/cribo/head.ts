import { gelu, tf, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import { linear } from './layers.ts'
import type { Weights } from './layout.ts'

/** The last layer for [CLS] tokens, and the one for objects. */
export type LastLayer = 'last_layer' | 'last_layer_c'

/** torch.nn.functional.normalize: x / max(||x||, 1e-12) over the last dimension. */
export function normaliseRows<T extends Tensor>(x: T): T {
  return x.div(tf.maximum(tf.sqrt(x.square().sum(-1, true)), 1e-12))
}

/** d -> 2048 -> GELU -> 2048 -> GELU -> 256 (widths are the weights'): (N, d) -> (N, 256). */
export function headMlp(x: Tensor2D, weights: Weights): Tensor2D {
  const first = gelu(linear(x, weights, 'mlp.0'))
  const second = gelu(linear(first, weights, 'mlp.2'))
  return linear(second, weights, 'mlp.4')
}

/** W = g * v / ||v||, one norm for each prototype: (256, H). */
function weightNormalised(weights: Weights, layer: LastLayer): Tensor2D {
  const direction = weights[`${layer}.weight_v`] as Tensor2D
  const length = direction.square().sum(0, true).sqrt()
  return direction.div<Tensor2D>(length).mul<Tensor2D>(weights[`${layer}.weight_g`])
}

/** The projection head that both levels share but for the last layer: (N, d) -> (N, H) similarities with H prototypes. */
export function head(x: Tensor2D, weights: Weights, layer: LastLayer): Tensor2D {
  return tf.matMul(normaliseRows(headMlp(x, weights)), weightNormalised(weights, layer))
}
