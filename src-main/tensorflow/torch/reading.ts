import { damaged } from '../tensor-file.ts'

/** Bytes of a file that a reader asks for. */
export interface ByteRange {
  offset: number
  length: number
}

/** A reader that does not know where its bytes lie, on a disk or on a server: it yields what it wants to see and is handed it. */
export type Reading<Result> = Generator<ByteRange, Result, ArrayBuffer>

/** The file that is read. */
export interface ReadingSource {
  /** A path or an address, for messages. */
  path: string
  /** In bytes. */
  size: number
}

/** @throws CribsheetError weights-damaged where the range is not within the file. */
export function* readRange({ path, size }: ReadingSource, offset: number, length: number): Reading<Buffer> {
  if (offset < 0 || length < 0 || offset + length > size)
    throw damaged(path, `it ends at byte ${size}, but goes on to byte ${offset + length} by what it says`)
  return Buffer.from(length === 0 ? new ArrayBuffer(0) : yield { offset, length })
}

/** Drives a reader with the bytes of a file that is open. */
export function readWith<Result>(
  file: { read(offset: number, length: number): ArrayBuffer },
  reading: Reading<Result>,
): Result {
  let step = reading.next()
  while (!step.done) step = reading.next(file.read(step.value.offset, step.value.length))
  return step.value
}
