import type { ElementType } from '../element-types.ts'

/** What a pickle can come to here: data, and nothing that could act. Dictionaries are Maps, so that no key can be more than a key. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Tuple
  | Namespace
  | KnownName
  | NumpyType
  | TorchStorage
  | TorchTensor

export class Tuple {
  readonly items: PickleValue[]
  constructor(items: PickleValue[]) {
    this.items = items
  }
}

/** argparse.Namespace: the arguments of a training. */
export class Namespace {
  readonly attributes = new Map<PickleValue, PickleValue>()
}

/** A callable or a type that a pickle may name: "torch._utils._rebuild_tensor_v2". */
export class KnownName {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** numpy.dtype: "f8". */
export class NumpyType {
  readonly code: string
  bigEndian = false
  constructor(code: string) {
    this.code = code
  }
}

/** A run of elements that tensors are views of. */
export interface StorageDescription {
  /** The name of its bytes in the file. */
  key: string
  type: ElementType
  elements: number
}

export class TorchStorage {
  readonly whole: StorageDescription
  /** Old files have storages that are a part of another: from this element, so many. */
  readonly start: number
  readonly elements: number
  constructor(whole: StorageDescription, start = 0, elements = whole.elements) {
    this.whole = whole
    this.start = start
    this.elements = elements
  }
}

/** A view of a storage: element (i, j, ...) is the storage's element `offset + i * strides[0] + j * strides[1] + ...`. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: number[]
  readonly strides: number[]
  constructor(storage: TorchStorage, offset: number, shape: number[], strides: number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

/** A pickle that does not make sense; its reader says which file that is. */
export class PickleError extends Error {}
