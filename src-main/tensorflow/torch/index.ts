import { bytesPerElement } from '../element-types.ts'
import type { ReadOptions, StoredTensor, TensorFile } from '../tensor-file.ts'
import { withFile, type TorchContainer } from './container.ts'
import { flatten, type PlainValue } from './flatten.ts'
import type { StorageDescription } from './pickle-values.ts'
import { readRange, type Reading, type ReadingSource } from './reading.ts'
import { TensorReader } from './tensors.ts'
import { openTorchStream } from './torch-stream.ts'
import { openTorchZip, torchFolder } from './torch-zip.ts'
import { readZipDirectory } from './zip-directory.ts'

export { readWith, type Reading } from './reading.ts'
export type { PlainValue } from './flatten.ts'

/** A file of torch.save: nested dictionaries by dotted names. */
export interface TorchFile extends TensorFile {
  /** What is no tensor: "epoch", "args.arch", "optimizer.param_groups.0.lr". */
  values: Map<string, PlainValue>
}

const ZIP_SIGNATURE = 'PK'
/** The first instruction of every pickle since protocol 2. */
const PICKLE_START = 0x80

/**
 * Reads a file of torch.save, in its ZIP form or as a stream of pickles, as data: nothing in it is run. Null for anything else.
 *
 * @throws CribsheetError weights-damaged; weights-hostile where it names anything but the few callables that checkpoints need.
 */
export function* readTorch(source: ReadingSource, { only }: ReadOptions = {}): Reading<TorchFile | null> {
  const container = yield* openTorch(source)
  if (!container) return null
  const { tensors: views, values } = withFile(source.path, () => flatten(container.checkpoint))
  const reader = new TensorReader(source, container)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, view] of views) if (!only || only(name)) tensors.set(name, yield* reader.read(name, view))
  return { tensors, metadata: {}, values }
}

/** The bytes in the file of each tensor's storage, by the tensor's name. Null for what torch.save did not write. */
export function* measureTorch(source: ReadingSource): Reading<Map<string, number> | null> {
  const container = yield* openTorch(source)
  if (!container) return null
  const { tensors } = withFile(source.path, () => flatten(container.checkpoint))
  return new Map([...tensors].map(([name, { storage }]) => [name, bytesOf(storage.whole)]))
}

function* openTorch(source: ReadingSource): Reading<TorchContainer | null> {
  const start = yield* readRange(source, 0, Math.min(source.size, ZIP_SIGNATURE.length))
  if (start[0] === PICKLE_START) return yield* openTorchStream(source)
  if (start.toString('latin1') !== ZIP_SIGNATURE) return null
  const entries = yield* readZipDirectory(source)
  const folder = torchFolder(entries)
  return folder === null ? null : yield* openTorchZip(source, entries, folder)
}

function bytesOf({ type, elements }: StorageDescription): number {
  return elements * bytesPerElement[type]
}
