/** How a tensor's elements are stored in a file; the names are those of safetensors. */
export const elementTypes = [
  'BOOL',
  'U8',
  'I8',
  'U16',
  'I16',
  'F16',
  'BF16',
  'U32',
  'I32',
  'F32',
  'U64',
  'I64',
  'F64',
] as const
export type ElementType = (typeof elementTypes)[number]

export type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Float16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | BigUint64Array
  | BigInt64Array
  | Float64Array

export const bytesPerElement: Record<ElementType, number> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
}

/** A bfloat16 is the upper half of a float32. */
function widenBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}

/** To the nearest bfloat16, ties to even; a NaN stays one. */
function narrowToBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(bits, (word, i) => {
    if (Number.isNaN(values[i])) return (word >>> 16) | 0x40
    return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
  })
}

/** Little-endian bytes as elements. bfloat16, which JavaScript lacks, becomes float32: every value is kept. */
export function decodeElements(bytes: ArrayBuffer, type: ElementType): TypedArray {
  switch (type) {
    case 'BOOL':
    case 'U8':
      return new Uint8Array(bytes)
    case 'I8':
      return new Int8Array(bytes)
    case 'U16':
      return new Uint16Array(bytes)
    case 'I16':
      return new Int16Array(bytes)
    case 'F16':
      return new Float16Array(bytes)
    case 'BF16':
      return widenBfloat16(new Uint16Array(bytes))
    case 'U32':
      return new Uint32Array(bytes)
    case 'I32':
      return new Int32Array(bytes)
    case 'F32':
      return new Float32Array(bytes)
    case 'U64':
      return new BigUint64Array(bytes)
    case 'I64':
      return new BigInt64Array(bytes)
    case 'F64':
      return new Float64Array(bytes)
  }
}

/** The inverse of decodeElements: float32 values are rounded where the file's type is bfloat16. */
export function encodeElements(elements: TypedArray, type: ElementType): Uint8Array {
  const stored = type === 'BF16' && elements instanceof Float32Array ? narrowToBfloat16(elements) : elements
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
}

/** The number of elements of a shape, or null where a dimension is no size or the product is past what a number holds. */
export function elementCount(shape: readonly number[]): number | null {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return null
  const count = shape.reduce((product, size) => product * size, 1)
  return Number.isSafeInteger(count) ? count : null
}
