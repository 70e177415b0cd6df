import { backend, type Attribute } from './backend.ts'
import { shapeMessage } from './graph.ts'
import type { AttributeValue } from './saved-model-schema.ts'

/** An op's attributes as a graph writes them, from how tfjs gave them to the binding. */
export function toAttributeValues(attributes: Attribute[]): Record<string, AttributeValue> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, toAttributeValue(attribute)]))
}

function toAttributeValue({ name, type, value }: Attribute): AttributeValue {
  const { binding } = backend
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { type: Number(value) }
    case binding.TF_ATTR_BOOL:
      return Array.isArray(value) ? { list: { b: value.map(Boolean) } } : { b: Boolean(value) }
    case binding.TF_ATTR_INT:
      return Array.isArray(value) ? { list: { i: value } } : { i: Number(value) }
    case binding.TF_ATTR_FLOAT:
      return Array.isArray(value) ? { list: { f: value } } : { f: Number(value) }
    case binding.TF_ATTR_STRING:
      return { s: Buffer.from(value as string) }
    case binding.TF_ATTR_SHAPE:
      return { shape: shapeMessage(value as number[]) }
    default:
      throw new RangeError(`the attribute ${name} is of a kind (${type}) that no graph holds`)
  }
}
