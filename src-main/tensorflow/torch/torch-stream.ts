import { bytesPerElement } from '../element-types.ts'
import { damaged } from '../tensor-file.ts'
import { LARGEST_PICKLE, withFile, type StoredBytes, type TorchContainer } from './container.ts'
import { PickleEndsEarly, unpickle, type Unpickled } from './pickle.ts'
import type { PickleValue, StorageDescription } from './pickle-values.ts'
import { readRange, type Reading, type ReadingSource } from './reading.ts'

// A file of torch.save before PyTorch 1.6: five pickles one after the other (a magic number, a version, the machine, the checkpoint, the
// storages' keys), then for each key the number of elements in eight bytes, and the elements.

const MAGIC = 0x1950a86a20f9469cfc6cn
const VERSION = 1001
const FIRST_WINDOW = 2 ** 16
const COUNT_BYTES = 8

/** @throws CribsheetError weights-damaged, weights-hostile */
export function* openTorchStream(source: ReadingSource): Reading<TorchContainer> {
  const { path } = source
  const pickles = new PickleSequence(source)
  if ((yield* pickles.next()).value !== MAGIC) throw damaged(path, 'it does not begin with the magic number of PyTorch')
  if ((yield* pickles.next()).value !== VERSION) throw damaged(path, 'it is of an unknown version of the format')
  const machine = (yield* pickles.next()).value
  if (machine instanceof Map && machine.get('little_endian') === false)
    throw damaged(path, 'it was written on a machine with the other byte order')
  const { value: checkpoint, storages } = yield* pickles.next()
  const keys = (yield* pickles.next()).value
  const places = placesOf(source, pickles.position, keys, storages)
  return {
    checkpoint,
    bigEndian: false,
    locate: (storage) => checkPlace(source, storage, places.get(storage.key)),
  }
}

/** Reads one pickle after the other; a pickle's length is known only at its end. */
class PickleSequence {
  position = 0
  readonly #source: ReadingSource

  constructor(source: ReadingSource) {
    this.#source = source
  }

  *next(): Reading<Unpickled> {
    const { path, size } = this.#source
    const most = Math.min(size - this.position, LARGEST_PICKLE)
    for (let window = Math.min(FIRST_WINDOW, most); ; window = Math.min(4 * window, most)) {
      const bytes = yield* readRange(this.#source, this.position, window)
      const unpickled = withFile(path, () => unpickleWindow(bytes, path, window === most))
      if (unpickled === null) continue
      this.position += unpickled.length
      return unpickled
    }
  }
}

/** Null where the pickle goes on after the window. */
function unpickleWindow(bytes: Buffer, path: string, isLast: boolean): Unpickled | null {
  try {
    return unpickle(bytes, path)
  } catch (error) {
    if (error instanceof PickleEndsEarly && !isLast) return null
    throw error
  }
}

/** Each storage lies behind the one before. */
function placesOf(
  { path, size }: ReadingSource,
  start: number,
  keys: PickleValue,
  storages: Map<string, StorageDescription>,
): Map<string, StoredBytes> {
  if (!Array.isArray(keys)) throw damaged(path, 'the list of its storages is none')
  const places = new Map<string, StoredBytes>()
  let position = start
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined
    if (!storage) throw damaged(path, 'the list of its storages names one that no tensor has')
    const place = {
      offset: position + COUNT_BYTES,
      length: storage.elements * bytesPerElement[storage.type],
      crc32: null,
    }
    position = place.offset + place.length
    if (position > size) throw damaged(path, `it ends at byte ${size}, inside its storage ${storage.key}`)
    places.set(storage.key, place)
  }
  return places
}

/** The count before a storage's elements must be the one that the pickle says. */
function* checkPlace(
  source: ReadingSource,
  { key, elements }: StorageDescription,
  place: StoredBytes | undefined,
): Reading<StoredBytes> {
  if (!place) throw damaged(source.path, `its storage ${key} is missing`)
  const count = (yield* readRange(source, place.offset - COUNT_BYTES, COUNT_BYTES)).readBigInt64LE()
  if (count === BigInt(elements)) return place
  throw damaged(source.path, `its storage ${key} has ${count.toString()} elements, expected ${elements}`)
}
