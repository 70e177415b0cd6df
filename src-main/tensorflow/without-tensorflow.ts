/** Files of tensors: a door of its own, for the host and for threads, which read them and load no TensorFlow. */

export { readTensorFile } from './read-tensor-file.ts'
export { writeSafetensors } from './safetensors.ts'
export type { StoredTensor } from './tensor-file.ts'
