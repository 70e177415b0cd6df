import { crc32 } from 'node:zlib'
import { bytesPerElement, decodeElements, elementCount } from '../element-types.ts'
import { damaged, type StoredTensor } from '../tensor-file.ts'
import type { TorchContainer } from './container.ts'
import type { StorageDescription, TorchTensor } from './pickle-values.ts'
import { readRange, type Reading, type ReadingSource } from './reading.ts'

const CHUNK = 2 ** 24
/** A stride of 0 repeats elements, so that a small file can tell of any number of them; no checkpoint needs many. */
const REPEATED_BYTES = 2 ** 26

/** Reads the tensors of one file; the checksum of each storage is checked when it is read for the first time. */
export class TensorReader {
  readonly #source: ReadingSource
  readonly #container: TorchContainer
  readonly #checked = new Set<string>()
  #bytesLeft: number

  constructor(source: ReadingSource, container: TorchContainer) {
    this.#source = source
    this.#container = container
    this.#bytesLeft = 2 * source.size + REPEATED_BYTES
  }

  /** @throws CribsheetError weights-damaged */
  *read(name: string, { storage, offset, shape, strides }: TorchTensor): Reading<StoredTensor> {
    const { type } = storage.whole
    const width = bytesPerElement[type]
    const count = elementCount(shape)
    this.#bytesLeft -= (count ?? Infinity) * width
    if (count === null || this.#bytesLeft < 0)
      throw damaged(this.#source.path, `${name} is of shape [${shape.join(', ')}], too large for this file`)
    const span = count === 0 ? 0 : 1 + shape.reduce((last, size, i) => last + (size - 1) * strides[i], 0)
    const window = yield* this.#readPart(storage.whole, (storage.start + offset) * width, span * width)
    const bytes = isRowMajor(shape, strides) ? window : gather(window, width, count, shape, strides)
    if (this.#container.bigEndian) swapBytes(bytes, width)
    return { dtype: type, shape, data: decodeElements(bytes.buffer, type) }
  }

  /** Bytes of a storage, of which no more than these are kept in memory. */
  *#readPart(storage: StorageDescription, start: number, length: number): Reading<Uint8Array<ArrayBuffer>> {
    const place = yield* this.#container.locate(storage)
    const part = new Uint8Array(length)
    const wholeIsRead = place.crc32 !== null && !this.#checked.has(storage.key)
    const [first, end] = wholeIsRead ? [0, place.length] : [start, start + length]
    let checksum = 0
    for (let at = first; at < end; at += CHUNK) {
      const chunk = yield* readRange(this.#source, place.offset + at, Math.min(CHUNK, end - at))
      if (wholeIsRead) checksum = crc32(chunk, checksum)
      const from = Math.max(start, at)
      const to = Math.min(start + length, at + chunk.length)
      if (from < to) part.set(chunk.subarray(from - at, to - at), from - start)
    }
    if (wholeIsRead && checksum !== place.crc32)
      throw damaged(this.#source.path, `the checksum of its storage ${storage.key} does not fit`)
    this.#checked.add(storage.key)
    return part
  }
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false
    expected *= shape[i]
  }
  return true
}

/** The elements of a view, row-major, out of the bytes from its first element to its last. */
function gather(
  window: Uint8Array<ArrayBuffer>,
  width: number,
  count: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array<ArrayBuffer> {
  const gathered = new Uint8Array(count * width)
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < count; to++) {
    for (let byte = 0; byte < width; byte++) gathered[to * width + byte] = window[from * width + byte]
    for (let i = shape.length - 1; i >= 0; i--) {
      from += strides[i]
      if (++index[i] < shape[i]) break
      from -= shape[i] * strides[i]
      index[i] = 0
    }
  }
  return gathered
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, width: number): void {
  const buffer = Buffer.from(bytes.buffer)
  if (width === 2) buffer.swap16()
  if (width === 4) buffer.swap32()
  if (width === 8) buffer.swap64()
}
