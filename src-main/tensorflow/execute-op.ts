import { backend, type Attribute } from './backend.ts'
import { dataTypes, isDataTypeName } from './data-types.ts'
import type { Tensor } from './library.ts'

/**
 * An attribute of a TensorFlow op. A number is an int and numbers are a list(int); 'float32', 'int32', 'bool' and their kin are a
 * type, any other text is a string; a float says that it is one.
 */
export type OpAttribute = boolean | number | number[] | string | { float: number | number[] } | { shape: number[] }
export type OpAttributes = Record<string, OpAttribute>

/**
 * Any TensorFlow op by name, as one more op of tfjs: it runs at once, and capture records it. It has no gradient; give it one with
 * tf.customGrad. Where the op has type attributes (T, Tindices ...), name them: run at once they would be guessed, in a graph not.
 *
 * @param outputs how many tensors the op gives.
 */
export function executeOp(op: string, attributes: OpAttributes, inputs: Tensor[], outputs = 1): Tensor[] {
  return backend.executeMultipleOutputs(op, Object.entries(attributes).map(toBindingAttribute), inputs, outputs)
}

function toBindingAttribute([name, value]: [string, OpAttribute]): Attribute {
  const { binding } = backend
  switch (typeof value) {
    case 'boolean':
      return { name, type: binding.TF_ATTR_BOOL, value }
    case 'number':
      return { name, type: binding.TF_ATTR_INT, value }
    case 'string':
      return isDataTypeName(value)
        ? { name, type: binding.TF_ATTR_TYPE, value: dataTypes[value] }
        : { name, type: binding.TF_ATTR_STRING, value }
    case 'object':
      if (Array.isArray(value)) return { name, type: binding.TF_ATTR_INT, value }
      if ('shape' in value) return { name, type: binding.TF_ATTR_SHAPE, value: value.shape }
      return { name, type: binding.TF_ATTR_FLOAT, value: value.float }
  }
}
