import { tf, type Tensor } from '../tensorflow/index.ts'

/** Tensors by their names in a checkpoint, without a prefix; linear maps in this program's layout, (in, out). */
export type Weights = Record<string, Tensor>

/** A tensor as PyTorch lays it out, row-major: linear maps are (out, in). */
export interface PytorchTensor {
  shape: number[]
  values: Float32Array
}

/** A linear map or its weight norm's parts, which PyTorch keeps as (out, in...) and a matrix product here wants as (in, out). */
function isLinearMap(name: string, shape: readonly number[]): boolean {
  return shape.length >= 2 && /\.weight(_[gv])?$/.test(name)
}

/** A convolution over patches, (d, 3, 16, 16), is a linear map of them, (768, d). */
function fromPytorch(name: string, { shape, values }: PytorchTensor): Tensor {
  if (!isLinearMap(name, shape)) return tf.tensor(values, shape)
  return tf.tidy(() => {
    const outputs = shape[0]
    return tf.tensor2d(values, [outputs, values.length / outputs]).transpose()
  })
}

export function toWeights(tensors: Iterable<[string, PytorchTensor]>): Weights {
  const weights: Weights = {}
  for (const [name, tensor] of tensors) weights[name] = fromPytorch(name, tensor)
  return weights
}

/** The inverse, but for the last dimensions of a convolution: (out, in) where PyTorch may have (out, 3, 16, 16). */
export function toPytorch(name: string, tensor: Tensor): Tensor {
  return isLinearMap(name, tensor.shape) ? tensor.transpose() : tensor.clone()
}
