import type { ElementType } from '../element-types.ts'
import {
  KnownName,
  Namespace,
  NumpyType,
  PickleError,
  TorchStorage,
  TorchTensor,
  Tuple,
  type PickleValue,
} from './pickle-values.ts'

/** The storages by the names that PyTorch has for them. */
const storageTypes: Partial<Record<string, ElementType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
}

/** What stands for each callable that a checkpoint may call: it looks at the arguments and makes data of them. */
const callables: Partial<Record<string, (args: PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': orderedDict,
  'argparse.Namespace': namespace,
  '_codecs.encode': encodeLatin1,
  'numpy.dtype': numpyType,
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy._core.multiarray.scalar': numpyScalar,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => tensor,
}

/** Null for a name that no checkpoint needs, and that is therefore refused. */
export function knownName(module: string, name: string): KnownName | null {
  const full = `${module}.${name}`
  return Object.hasOwn(callables, full) || Object.hasOwn(storageTypes, full) ? new KnownName(full) : null
}

/** @throws PickleError */
export function call(callable: PickleValue, args: PickleValue): PickleValue {
  const made =
    callable instanceof KnownName && args instanceof Tuple ? callables[callable.name]?.(args.items) : undefined
  if (made === undefined) throw new PickleError('something is called that is no callable, or with no arguments')
  return made
}

/** The state that an object is given after it was made. @throws PickleError */
export function setState(target: PickleValue, state: PickleValue): void {
  if (target instanceof Namespace) {
    if (!(state instanceof Map)) throw new PickleError('the arguments of the training are no dictionary')
    for (const [key, value] of state) target.attributes.set(key, value)
  } else if (target instanceof NumpyType) {
    if (!(state instanceof Tuple)) throw new PickleError('a NumPy type is not understood')
    target.bigEndian = state.items[1] === '>'
  } else if (!(target instanceof Map)) throw new PickleError('a state is given to something that has none')
  // The state of an OrderedDict is PyTorch's _metadata, version numbers of layers: nothing that is needed.
}

/** A storage, ("storage", type, key, device, elements[, part]), of which a tensor is a view. @throws PickleError */
export function storageOf(id: PickleValue): TorchStorage {
  if (!(id instanceof Tuple) || id.items[0] !== 'storage')
    throw new PickleError('it refers to something outside itself')
  const [, type, key, , elements, part = null] = id.items
  const elementType = type instanceof KnownName ? storageTypes[type.name] : undefined
  if (elementType === undefined || typeof key !== 'string' || !isCount(elements))
    throw new PickleError('a storage of tensors is not understood')
  const whole = { key, type: elementType, elements }
  if (part === null) return new TorchStorage(whole)
  const [, start, length] = part instanceof Tuple ? part.items : []
  if (!isCount(start) || !isCount(length) || start + length > elements)
    throw new PickleError(`a part of the storage ${key} lies outside it`)
  return new TorchStorage(whole, start, length)
}

function orderedDict([pairs = []]: PickleValue[]): PickleValue {
  const entries = Array.isArray(pairs) ? pairs.map(itemsOf) : null
  if (!entries?.every((entry) => entry.length === 2)) throw new PickleError('a dictionary is not made of pairs')
  return new Map(entries.map(([key, value]) => [key, value]))
}

function itemsOf(value: PickleValue): PickleValue[] {
  if (Array.isArray(value)) return value
  return value instanceof Tuple ? value.items : []
}

function namespace(args: PickleValue[]): PickleValue {
  if (args.length > 0) throw new PickleError('the arguments of the training are not understood')
  return new Namespace()
}

/** Python 2's way to write bytes: a text whose characters are their values. */
function encodeLatin1([text, encoding]: PickleValue[]): PickleValue {
  if (typeof text !== 'string' || encoding !== 'latin1') throw new PickleError('bytes are not understood')
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

function numpyType([code]: PickleValue[]): PickleValue {
  if (typeof code !== 'string') throw new PickleError('a NumPy type is not understood')
  return new NumpyType(code)
}

const numpyReaders: Partial<Record<string, (view: DataView, littleEndian: boolean) => number | bigint | boolean>> = {
  b1: (view) => view.getUint8(0) !== 0,
  u1: (view) => view.getUint8(0),
  i1: (view) => view.getInt8(0),
  u2: (view, little) => view.getUint16(0, little),
  i2: (view, little) => view.getInt16(0, little),
  f2: (view, little) => view.getFloat16(0, little),
  u4: (view, little) => view.getUint32(0, little),
  i4: (view, little) => view.getInt32(0, little),
  f4: (view, little) => view.getFloat32(0, little),
  u8: (view, little) => narrowed(view.getBigUint64(0, little)),
  i8: (view, little) => narrowed(view.getBigInt64(0, little)),
  f8: (view, little) => view.getFloat64(0, little),
}

function numpyScalar([type, bytes]: PickleValue[]): PickleValue {
  if (!(type instanceof NumpyType) || !(bytes instanceof Uint8Array))
    throw new PickleError('a NumPy number is not understood')
  const read = Object.hasOwn(numpyReaders, type.code) ? numpyReaders[type.code] : undefined
  if (read === undefined || Number(type.code[1]) !== bytes.length)
    throw new PickleError(`a NumPy number of type ${type.code} has ${bytes.length} bytes`)
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), !type.bigEndian)
}

/** A whole number as a number, where that holds it exactly. */
export function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks). */
function rebuildTensor([storage, offset, size, stride]: PickleValue[]): PickleValue {
  if (!(storage instanceof TorchStorage)) throw new PickleError('a tensor has no storage')
  const shape = counts(size)
  const strides = counts(stride)
  if (!isCount(offset) || !shape || !strides || shape.length !== strides.length)
    throw new PickleError('a tensor has an offset, sizes or strides that are none')
  checkWithin(storage, offset, shape, strides)
  return new TorchTensor(storage, offset, shape, strides)
}

function checkWithin(storage: TorchStorage, offset: number, shape: number[], strides: number[]): void {
  const isEmpty = shape.includes(0)
  const last = shape.reduce((index, size, i) => index + (size - 1) * strides[i], offset)
  if (isEmpty ? offset <= storage.elements : last < storage.elements) return
  throw new PickleError(
    `a tensor of sizes (${shape.join(', ')}), strides (${strides.join(', ')}) and offset ${offset} reaches outside its storage of ` +
      `${storage.elements} elements`,
  )
}

function counts(value: PickleValue): number[] | null {
  return value instanceof Tuple && value.items.every(isCount) ? value.items : null
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
