import './gather-kernel.ts'

export {
  capture,
  Captured,
  captureTogether,
  type CapturedFunctions,
  type CaptureSpec,
  type FunctionSpec,
  type InputSpec,
} from './capture.ts'
export { device, type Device } from './device.ts'
export type { ElementType, TypedArray } from './element-types.ts'
export { executeOp, type OpAttribute, type OpAttributes } from './execute-op.ts'
export { gelu } from './gelu.ts'
export { layerNorm } from './layer-norm.ts'
export { tf } from './library.ts'
export { matrixProduct, type ProductType } from './matrix-product.ts'
export type { DataType, Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from './library.ts'
export { readTensorFile, readTorchFile } from './read-tensor-file.ts'
export type { TensorFunction } from './record.ts'
export { streamSafetensors, type TensorToWrite, writeSafetensors } from './safetensors.ts'
export type { ReadOptions, StoredTensor, TensorFile } from './tensor-file.ts'
export { measureTorch, readTorch, type Reading } from './torch/index.ts'
export { writeAtomically } from './write-atomically.ts'
export { withGradient, type Differentiable } from './with-gradient.ts'
