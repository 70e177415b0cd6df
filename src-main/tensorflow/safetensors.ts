import { z } from 'zod'
import { bytesPerElement, decodeElements, elementCount, elementTypes, encodeElements } from './element-types.ts'
import type { ElementType, TypedArray } from './element-types.ts'
import { damaged, type OpenTensorFile, type ReadOptions, type StoredTensor, type TensorFile } from './tensor-file.ts'
import { writeAtomically } from './write-atomically.ts'

// The format: https://github.com/huggingface/safetensors#format. Eight bytes with the length of the header, the header (JSON: name ->
// dtype, shape, data_offsets), the tensors' bytes with no gap between them.

const PREFIX_BYTES = 8
const MAXIMUM_HEADER_BYTES = 100_000_000 // as in the reference implementation
const METADATA = '__metadata__'

const size = z.int().nonnegative()
const entrySchema = z.object({
  dtype: z.enum(elementTypes),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
})
const metadataSchema = z.record(z.string(), z.string())

type Entry = z.infer<typeof entrySchema>

/** @throws CribsheetError weights-damaged where the header is not what the format demands, or the tensors do not fill the file exactly. */
export function readSafetensors(file: OpenTensorFile, options: ReadOptions): TensorFile {
  const { header, dataStart } = readHeader(file)
  const metadata = metadataSchema.safeParse(header.get(METADATA) ?? {})
  if (!metadata.success) throw damaged(file.path, 'its metadata are not texts')
  const entries = parseEntries(file, header)
  checkOffsets(file, entries, file.size - dataStart)

  const tensors = new Map<string, StoredTensor>()
  for (const [name, entry] of entries) {
    if (options.only && !options.only(name)) continue
    const [begin, end] = entry.data_offsets
    const bytes = file.read(dataStart + begin, end - begin)
    tensors.set(name, { dtype: entry.dtype, shape: entry.shape, data: decodeElements(bytes, entry.dtype) })
  }
  return { tensors, metadata: metadata.data }
}

function readHeader(file: OpenTensorFile): { header: Map<string, unknown>; dataStart: number } {
  if (file.size < PREFIX_BYTES) throw damaged(file.path, 'it is shorter than a header')
  const length = Number(new DataView(file.read(0, PREFIX_BYTES)).getBigUint64(0, true))
  if (length > MAXIMUM_HEADER_BYTES || PREFIX_BYTES + length > file.size)
    throw damaged(
      file.path,
      `it is no safetensors file or was cut off (a header of ${length} bytes in a file of ${file.size})`,
    )
  const header = parseObject(file.read(PREFIX_BYTES, length))
  if (!header) throw damaged(file.path, 'its header is not a JSON object')
  return { header, dataStart: PREFIX_BYTES + length }
}

function parseObject(bytes: ArrayBuffer): Map<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? new Map(Object.entries(value)) : null
  } catch {
    return null
  }
}

function parseEntries(file: OpenTensorFile, header: Map<string, unknown>): [string, Entry][] {
  return [...header]
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => {
      const entry = entrySchema.safeParse(value)
      if (!entry.success) throw damaged(file.path, `the header's entry for ${name} is not valid`, entry.error)
      return [name, entry.data]
    })
}

/** The tensors must fill the data exactly, without gap or overlap, each with as many bytes as its shape says. */
function checkOffsets(file: OpenTensorFile, entries: [string, Entry][], dataBytes: number): void {
  const inOrder = entries.toSorted(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )
  let position = 0
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    const [begin, end] = data_offsets
    if (begin !== position || end < begin)
      throw damaged(file.path, `the bytes of ${name} overlap others or leave a gap`)
    const count = elementCount(shape)
    if (count === null || count * bytesPerElement[dtype] !== end - begin)
      throw damaged(file.path, `${name} has ${end - begin} bytes, but its shape is [${shape.join(', ')}] of ${dtype}`)
    position = end
  }
  if (position !== dataBytes)
    throw damaged(file.path, `its header tells of ${position} bytes of tensors, but there are ${dataBytes}`)
}

/** A tensor whose values are asked for only when it is its turn. */
export interface TensorToWrite {
  dtype: ElementType
  shape: number[]
  /** Row-major. */
  read: () => TypedArray
}

/**
 * Writes whole or not at all: a reader sees the old file or the new one.
 *
 * @throws CribsheetError disk-full, folder-unwritable
 */
export function writeSafetensors(path: string, { tensors, metadata }: TensorFile): void {
  const toWrite = [...tensors].map(
    ([name, { dtype, shape, data }]) => [name, { dtype, shape, read: () => data }] as const,
  )
  streamSafetensors(path, new Map(toWrite), metadata)
}

/**
 * Writes as writeSafetensors does, of one tensor after the other, so that there is no second copy of all in memory. The order is wide
 * elements first, so that each tensor starts at a multiple of its element's size, then by name.
 *
 * @throws CribsheetError disk-full, folder-unwritable
 */
export function streamSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Record<string, string>,
): void {
  const ordered = [...tensors].sort(
    ([nameA, a], [nameB, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (nameA < nameB ? -1 : 1),
  )
  const header: [string, unknown][] = [[METADATA, metadata]]
  let position = 0
  for (const [name, { dtype, shape }] of ordered) {
    const end = position + (elementCount(shape) ?? NaN) * bytesPerElement[dtype]
    header.push([name, { dtype, shape, data_offsets: [position, end] }])
    position = end
  }
  writeAtomically(path, encodeAll(header, ordered))
}

function* encodeAll(header: [string, unknown][], tensors: [string, TensorToWrite][]): Generator<Uint8Array> {
  yield encodeHeader(header)
  for (const [name, { dtype, shape, read }] of tensors) {
    const elements = read()
    const bytes = encodeElements(elements, dtype)
    if (elementCount(shape) !== bytes.byteLength / bytesPerElement[dtype])
      throw new RangeError(`${name}: ${elements.length} elements do not make [${shape.join(', ')}] of ${dtype}`)
    yield bytes
  }
}

function encodeHeader(header: [string, unknown][]): Uint8Array {
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)))
  const length = Math.ceil(json.length / 8) * 8
  const bytes = Buffer.alloc(PREFIX_BYTES + length, ' ')
  bytes.writeBigUInt64LE(BigInt(length))
  json.copy(bytes, PREFIX_BYTES)
  return bytes
}
