import { CribsheetError } from '../contract/index.ts'
import { readNpz } from './npz.ts'
import { readSafetensors } from './safetensors.ts'
import { damaged, OpenTensorFile, type ReadOptions, type TensorFile } from './tensor-file.ts'
import { readTorch, readWith, type TorchFile } from './torch/index.ts'

const ZIP_SIGNATURE = 'PK'
/** The first instruction of every pickle since protocol 2. */
const PICKLE_START = 0x80
/** Of a safetensors file: behind the eight bytes of its length. */
const HEADER_START = 8

/**
 * Reads a file of named tensors: .safetensors, .npz, or what PyTorch saved, told apart by content.
 *
 * @throws CribsheetError weights-missing where there is no such file, weights-damaged where it is cut off or lies about itself,
 *   weights-not-a-model where it is an archive of something else, weights-hostile where it names a program to be run.
 */
export function readTensorFile(path: string, options: ReadOptions = {}): TensorFile {
  using file = new OpenTensorFile(path)
  switch (formatOf(file)) {
    case 'zip':
      return readWith(file, readTorch(file, options)) ?? readNpz(file, options)
    case 'pickle':
      return readTorchFile(path, options)
    case 'web page':
      throw damaged(path, 'it is a web page (HTML), as a server sends in place of a file')
    case 'safetensors':
      return readSafetensors(file, options)
  }
}

/**
 * Reads what PyTorch saved: tensors and everything else.
 *
 * @throws CribsheetError as readTensorFile does
 */
export function readTorchFile(path: string, options: ReadOptions = {}): TorchFile {
  using file = new OpenTensorFile(path)
  const torch = readWith(file, readTorch(file, options))
  if (torch) return torch
  throw new CribsheetError('weights-not-a-model', 'The file is none that PyTorch saved.', {
    file: path,
    advice: 'Name a .pth file.',
  })
}

function formatOf(file: OpenTensorFile): 'zip' | 'pickle' | 'web page' | 'safetensors' {
  const start = Buffer.from(file.read(0, Math.min(file.size, 256)))
  const text = start.toString('latin1')
  if (text.startsWith(ZIP_SIGNATURE)) return 'zip'
  if (/^\s*<(!doctype|html|\?xml|head|body)/i.test(text)) return 'web page'
  return start[0] === PICKLE_START && text[HEADER_START] !== '{' ? 'pickle' : 'safetensors'
}
