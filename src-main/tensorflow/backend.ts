import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { tf, type Tensor } from './library.ts'

/** An attribute of an op: `type` is one of the binding's TF_ATTR_ numbers. */
export interface Attribute {
  name: string
  type: number
  value: boolean | number | object | string | number[]
}

/** A tensor as the binding knows it: by a number that is never used again. */
export interface TensorMetadata {
  id: number
  shape: number[]
  dtype: number
}

/** The addon's functions on libtensorflow's C API. */
export interface Binding extends Omit<TFJSBinding, 'executeOp' | 'TFEOpAttr' | 'TensorMetadata'> {
  executeOp(op: string, attributes: Attribute[], inputIds: number[], outputs: number): TensorMetadata[]
}

/** The part of tfjs-node's backend that this folder uses. Every kernel of tfjs goes through its binding. */
export interface Backend extends Pick<
  NodeJSKernelBackend,
  'getDTypeInteger' | 'isUsingGpuDevice' | 'loadSavedModelMetaGraph' | 'deleteSavedModel' | 'runSavedModel'
> {
  binding: Binding
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[]
}

// tfjs types it as the backend of any device; tfjs-node is the one that library.ts loaded.
export const backend = tf.backend() as unknown as Backend
