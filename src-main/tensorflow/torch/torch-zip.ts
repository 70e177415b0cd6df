import { crc32 } from 'node:zlib'
import { bytesPerElement } from '../element-types.ts'
import { damaged } from '../tensor-file.ts'
import { LARGEST_PICKLE, withFile, type TorchContainer } from './container.ts'
import { unpickle } from './pickle.ts'
import { readRange, type Reading, type ReadingSource } from './reading.ts'
import { findStoredBytes, type ZipEntry } from './zip-directory.ts'

// A file of torch.save since PyTorch 1.6: a ZIP with one folder, in it `data.pkl`, `byteorder` in newer ones, and the storages as `data/KEY`.

type Entries = Map<string, ZipEntry>

/** The folder of a PyTorch file's ZIP, null in other archives. */
export function torchFolder(entries: Entries): string | null {
  for (const name of entries.keys()) {
    const folder = /^([^/]+)\/data\.pkl$/.exec(name)?.[1]
    if (folder !== undefined) return folder
  }
  return null
}

/** @throws CribsheetError weights-damaged, weights-hostile */
export function* openTorchZip(source: ReadingSource, entries: Entries, folder: string): Reading<TorchContainer> {
  const { path } = source
  const pickle = yield* readSmallEntry(source, entries.get(`${folder}/data.pkl`))
  const byteOrder = entries.get(`${folder}/byteorder`)
  return {
    checkpoint: withFile(path, () => unpickle(pickle, path).value),
    bigEndian: byteOrder !== undefined && (yield* readSmallEntry(source, byteOrder)).toString('latin1') === 'big',
    *locate({ key, type, elements }) {
      const entry = entries.get(`${folder}/data/${key}`)
      if (!entry) throw damaged(path, `its storage ${key} is missing`)
      const length = elements * bytesPerElement[type]
      if (entry.size !== length)
        throw damaged(path, `its storage ${key} has ${entry.size} bytes, but ${elements} elements of ${type}`)
      return { offset: yield* findStoredBytes(source, entry), length, crc32: entry.crc32 }
    },
  }
}

function* readSmallEntry(source: ReadingSource, entry: ZipEntry | undefined): Reading<Buffer> {
  if (!entry) throw damaged(source.path, 'its pickle is missing')
  const start = yield* findStoredBytes(source, entry)
  if (entry.size > LARGEST_PICKLE) throw damaged(source.path, `its entry ${entry.name} has ${entry.size} bytes`)
  const bytes = yield* readRange(source, start, entry.size)
  if (crc32(bytes) !== entry.crc32) throw damaged(source.path, `the checksum of its entry ${entry.name} does not fit`)
  return bytes
}
