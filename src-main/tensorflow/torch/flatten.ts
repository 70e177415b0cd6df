import { Namespace, PickleError, TorchTensor, Tuple, type PickleValue } from './pickle-values.ts'

export type PlainValue = null | boolean | number | bigint | string

/** A checkpoint's nested dictionaries by dotted names: "teacher.backbone.cls_token", "args.arch", "optimizer.param_groups.0.lr". */
export interface FlatCheckpoint {
  tensors: Map<string, TorchTensor>
  /** Everything else that is a plain value. */
  values: Map<string, PlainValue>
}

const DEEPEST = 64
/** A pickle of a few bytes can refer to the same lists again and again: this many entries are looked at, and no more. */
const MOST_ENTRIES = 1_000_000

/** @throws PickleError where it is nested too deeply (or without end), or has too many entries, or two tensors of one name. */
export function flatten(checkpoint: PickleValue): FlatCheckpoint {
  const flat: FlatCheckpoint = { tensors: new Map(), values: new Map() }
  let entries = 0
  const visit = (name: string, value: PickleValue, depth: number) => {
    if (++entries > MOST_ENTRIES) throw new PickleError(`it has more than ${MOST_ENTRIES} entries`)
    if (depth > DEEPEST) throw new PickleError(`it is nested more than ${DEEPEST} deep`)
    if (value instanceof TorchTensor) {
      if (flat.tensors.has(name)) throw new PickleError(`two of its tensors are called ${name}`)
      flat.tensors.set(name, value)
    } else if (isPlain(value)) flat.values.set(name, value)
    else
      for (const [key, inner] of childrenOf(value))
        if (typeof key === 'string' || typeof key === 'number')
          visit(depth === 0 ? String(key) : `${name}.${key}`, inner, depth + 1)
  }
  visit('', checkpoint, 0)
  return flat
}

function childrenOf(value: PickleValue): Iterable<[PickleValue, PickleValue]> {
  if (value instanceof Map) return value
  if (value instanceof Namespace) return value.attributes
  if (value instanceof Tuple) return value.items.entries()
  return Array.isArray(value) ? value.entries() : []
}

function isPlain(value: PickleValue): value is PlainValue {
  return value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)
}
