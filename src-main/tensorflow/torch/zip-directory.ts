import { damaged } from '../tensor-file.ts'
import { readRange, type Reading, type ReadingSource } from './reading.ts'

// The format: PKWARE's APPNOTE. Entries, then the central directory with one record for each, then the end record; ZIP64 has an end record
// of its own before that one, and a locator between the two. fflate reads whole archives in memory; here only the directory is read, and
// then the entries that are wanted.

const END = { signature: 0x06054b50, length: 22 }
const LOCATOR = { signature: 0x07064b50, length: 20 }
const END64 = { signature: 0x06064b50, length: 56 }
const RECORD = { signature: 0x02014b50, length: 46 }
const LOCAL = { signature: 0x04034b50, length: 30 }

const LONGEST_COMMENT = 0xffff
const LARGEST_DIRECTORY = 2 ** 28
const IN_ZIP64 = 0xffffffff
const ZIP64_FIELD = 1
const ENCRYPTED_FLAG = 1

export interface ZipEntry {
  name: string
  encrypted: boolean
  /** 0 for bytes that are stored as they are. */
  method: number
  crc32: number
  storedSize: number
  size: number
  headerOffset: number
}

interface DirectoryPlace {
  offset: number
  length: number
  entries: number
}

/** The entries of an archive by name. @throws CribsheetError weights-damaged */
export function* readZipDirectory(source: ReadingSource): Reading<Map<string, ZipEntry>> {
  const place = yield* findDirectory(source)
  const { path } = source
  if (place.length > LARGEST_DIRECTORY) throw damaged(path, `its directory has ${place.length} bytes`)
  const bytes = yield* readRange(source, place.offset, place.length)
  const entries = new Map<string, ZipEntry>()
  let position = 0
  for (let i = 0; i < place.entries; i++) {
    const { entry, length } = parseRecord(path, bytes, position)
    if (entries.has(entry.name)) throw damaged(path, `two of its entries are called ${entry.name}`)
    if (entry.headerOffset + LOCAL.length + entry.storedSize > place.offset)
      throw damaged(path, `its entry ${entry.name} is said to reach past the last one`)
    entries.set(entry.name, entry)
    position += length
  }
  return entries
}

function* findDirectory(source: ReadingSource): Reading<DirectoryPlace> {
  const { path, size } = source
  const tailStart = Math.max(0, size - END.length - LONGEST_COMMENT)
  const tail = yield* readRange(source, tailStart, size - tailStart)
  const end = findEnd(tail)
  if (end < 0) throw damaged(path, 'its ZIP archive has no end record, as if it was cut off')
  const locator = end - LOCATOR.length
  if (locator >= 0 && tail.readUInt32LE(locator) === LOCATOR.signature)
    return yield* readEnd64(source, toNumber(path, tail.readBigUInt64LE(locator + 8)))
  return {
    entries: tail.readUInt16LE(end + 10),
    length: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  }
}

/** Where the end record starts in the last bytes of a file: it is the one whose comment reaches exactly to the end. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - END.length; at >= 0; at--) {
    const isEnd = tail.readUInt32LE(at) === END.signature
    if (isEnd && at + END.length + tail.readUInt16LE(at + 20) === tail.length) return at
  }
  return -1
}

function* readEnd64(source: ReadingSource, offset: number): Reading<DirectoryPlace> {
  const { path } = source
  const end = yield* readRange(source, offset, END64.length)
  if (end.readUInt32LE(0) !== END64.signature) throw damaged(path, 'its ZIP64 end record is not where it should be')
  return {
    entries: toNumber(path, end.readBigUInt64LE(32)),
    length: toNumber(path, end.readBigUInt64LE(40)),
    offset: toNumber(path, end.readBigUInt64LE(48)),
  }
}

function parseRecord(path: string, bytes: Buffer, at: number): { entry: ZipEntry; length: number } {
  if (at + RECORD.length > bytes.length || bytes.readUInt32LE(at) !== RECORD.signature)
    throw damaged(path, 'the directory of its ZIP archive ends early')
  const nameLength = bytes.readUInt16LE(at + 28)
  const extraLength = bytes.readUInt16LE(at + 30)
  const length = RECORD.length + nameLength + extraLength + bytes.readUInt16LE(at + 32)
  if (at + length > bytes.length) throw damaged(path, 'the directory of its ZIP archive ends early')
  const nameEnd = at + RECORD.length + nameLength
  const wide = wideNumbers(path, bytes.subarray(nameEnd, nameEnd + extraLength))
  const orWide = (value: number) => (value === IN_ZIP64 ? wide() : value)
  const size = orWide(bytes.readUInt32LE(at + 24)) // the order of the ZIP64 field: size, stored size, offset
  const storedSize = orWide(bytes.readUInt32LE(at + 20))
  const entry = {
    name: bytes.toString('utf8', at + RECORD.length, nameEnd),
    encrypted: (bytes.readUInt16LE(at + 8) & ENCRYPTED_FLAG) !== 0,
    method: bytes.readUInt16LE(at + 10),
    crc32: bytes.readUInt32LE(at + 16),
    storedSize,
    size,
    headerOffset: orWide(bytes.readUInt32LE(at + 42)),
  }
  return { entry, length }
}

/** Hands out the numbers of a record's ZIP64 field one after the other. */
function wideNumbers(path: string, extra: Buffer): () => number {
  let field: Buffer = Buffer.alloc(0)
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === ZIP64_FIELD) field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
  }
  let next = 0
  return () => {
    if (next + 8 > field.length) throw damaged(path, 'the directory of its ZIP archive lacks a ZIP64 size')
    next += 8
    return toNumber(path, field.readBigUInt64LE(next - 8))
  }
}

function toNumber(path: string, value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw damaged(path, `its ZIP archive tells of ${value.toString()} bytes`)
}

/** Where the bytes of an entry begin. @throws CribsheetError weights-damaged for an entry that is not stored as it is. */
export function* findStoredBytes(source: ReadingSource, entry: ZipEntry): Reading<number> {
  const { path } = source
  if (entry.encrypted) throw damaged(path, `its entry ${entry.name} is encrypted`)
  if (entry.method !== 0) throw damaged(path, `its entry ${entry.name} is compressed, which PyTorch never does`)
  if (entry.storedSize !== entry.size)
    throw damaged(path, `its entry ${entry.name} has ${entry.storedSize} bytes, but is said to have ${entry.size}`)
  const header = yield* readRange(source, entry.headerOffset, LOCAL.length)
  if (header.readUInt32LE(0) !== LOCAL.signature) throw damaged(path, `its entry ${entry.name} has no header`)
  return entry.headerOffset + LOCAL.length + header.readUInt16LE(26) + header.readUInt16LE(28)
}
