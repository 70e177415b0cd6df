import { damaged } from '../tensor-file.ts'
import type { PickleValue, StorageDescription } from './pickle-values.ts'
import { PickleError } from './pickle-values.ts'
import type { Reading } from './reading.ts'

/** Where the bytes of a storage are in the file. */
export interface StoredBytes {
  offset: number
  length: number
  /** Null where the format has none. */
  crc32: number | null
}

/** A file of torch.save in one of its two forms. */
export interface TorchContainer {
  checkpoint: PickleValue
  bigEndian: boolean
  locate(storage: StorageDescription): Reading<StoredBytes>
}

/** No checkpoint's pickle is as large: the tensors' bytes lie outside it. */
export const LARGEST_PICKLE = 2 ** 27

/** Says which file a pickle that makes no sense is in. @throws CribsheetError weights-damaged */
export function withFile<Result>(path: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof PickleError ? damaged(path, `of its pickle, ${error.message}`, error) : error
  }
}
