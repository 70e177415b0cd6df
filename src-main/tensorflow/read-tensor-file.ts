import { readNpz } from './npz.ts'
import { readSafetensors } from './safetensors.ts'
import { OpenTensorFile, type ReadOptions, type TensorFile } from './tensor-file.ts'

const ZIP_SIGNATURE = 'PK'

/**
 * Reads a file of named tensors, .safetensors or .npz, told apart by content.
 *
 * @throws CribsheetError weights-missing where there is no such file, weights-damaged where it is cut off or lies about itself,
 *   weights-not-a-model where it is an archive of something else.
 */
export function readTensorFile(path: string, options: ReadOptions = {}): TensorFile {
  using file = new OpenTensorFile(path)
  return isZip(file) ? readNpz(file, options) : readSafetensors(file, options)
}

function isZip(file: OpenTensorFile): boolean {
  return file.size >= 2 && Buffer.from(file.read(0, 2)).toString('latin1') === ZIP_SIGNATURE
}
