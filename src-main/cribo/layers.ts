import { layerNorm, matrixProduct, type Tensor } from '../tensorflow/index.ts'
import type { Weights } from './layout.ts'

/** x W + b over the last dimension: (..., in) -> (..., out). */
export function linear<T extends Tensor>(x: T, weights: Weights, name: string): T {
  const kernel = weights[`${name}.weight`]
  const [inputs, outputs] = kernel.shape
  const rows = x.reshape([-1, inputs])
  return matrixProduct(rows, kernel)
    .add(weights[`${name}.bias`])
    .reshape([...x.shape.slice(0, -1), outputs])
}

/** Layer normalisation over the last dimension, with the gain and the bias of that name. */
export function norm<T extends Tensor>(x: T, weights: Weights, name: string, epsilon: number): T {
  return layerNorm(x, weights[`${name}.weight`], weights[`${name}.bias`], epsilon)
}
