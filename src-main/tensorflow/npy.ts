import { bytesPerElement, decodeElements, elementCount, type ElementType } from './element-types.ts'
import { damaged, type StoredTensor } from './tensor-file.ts'

// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. A magic string, the version, the length of the
// header (two bytes in version 1, four from 2 on), the header (a Python dictionary with exactly three keys), the elements.

const MAGIC = '\x93NUMPY'
const elementTypeOf: Partial<Record<string, ElementType>> = {
  b1: 'BOOL',
  u1: 'U8',
  i1: 'I8',
  u2: 'U16',
  i2: 'I16',
  f2: 'F16',
  u4: 'U32',
  i4: 'I32',
  f4: 'F32',
  u8: 'U64',
  i8: 'I64',
  f8: 'F64',
}

interface Header {
  type: ElementType
  bigEndian: boolean
  columnMajor: boolean
  shape: number[]
  dataStart: number
}

/** @throws CribsheetError weights-damaged, naming the tensor. */
export function readNpy(path: string, name: string, bytes: Uint8Array): StoredTensor {
  const header = readHeader(path, name, bytes)
  const count = elementCount(header.shape)
  const width = bytesPerElement[header.type]
  if (count === null || count * width !== bytes.length - header.dataStart)
    throw damaged(
      path,
      `${name} has ${bytes.length - header.dataStart} bytes, but its shape is [${header.shape.join(', ')}]`,
    )

  const elements = bytes.slice(header.dataStart)
  if (header.bigEndian) swapBytes(elements, width)
  const ordered = header.columnMajor ? toRowMajor(elements, header.shape, width) : elements
  return { dtype: header.type, shape: header.shape, data: decodeElements(ordered.buffer, header.type) }
}

function readHeader(path: string, name: string, bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC)
    throw damaged(path, `${name} is no NumPy array`)
  const version = view.getUint8(6)
  if (version < 1 || version > 3) throw damaged(path, `${name} is of .npy version ${version}, which does not exist`)
  const textStart = version === 1 ? 10 : 12
  const dataStart = textStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (dataStart > bytes.length) throw damaged(path, `${name} ends inside its header`)

  const text = Buffer.from(bytes.subarray(textStart, dataStart)).toString('utf8')
  const descriptor = /'descr':\s*'([<>|=])(\w+)'/.exec(text)
  const order = /'fortran_order':\s*(True|False)/.exec(text)
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)
  const type = elementTypeOf[descriptor?.[2] ?? '']
  if (!descriptor || !order || !shape || !type)
    throw damaged(path, `the header of ${name} is not understood: ${text.trim()}`)
  return {
    type,
    bigEndian: descriptor[1] === '>',
    columnMajor: order[1] === 'True',
    shape: shape[1]
      .split(',')
      .map((size) => size.trim())
      .filter(Boolean)
      .map(Number),
    dataStart,
  }
}

function swapBytes(bytes: Uint8Array, width: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width === 2) buffer.swap16()
  if (width === 4) buffer.swap32()
  if (width === 8) buffer.swap64()
}

/** Column-major elements, whose first index moves fastest, in row-major order. */
function toRowMajor(
  columnMajor: Uint8Array<ArrayBuffer>,
  shape: readonly number[],
  width: number,
): Uint8Array<ArrayBuffer> {
  const rowMajor = new Uint8Array(columnMajor.length)
  for (let from = 0; from < columnMajor.length / width; from++) {
    let to = 0
    let rest = from
    for (const size of shape) {
      to = to * size + (rest % size)
      rest = Math.floor(rest / size)
    }
    rowMajor.set(columnMajor.subarray(from * width, (from + 1) * width), to * width)
  }
  return rowMajor
}
