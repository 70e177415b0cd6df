import { unzipSync } from 'fflate'
import { CribsheetError } from '../contract/index.ts'
import { readNpy } from './npy.ts'
import { damaged, type OpenTensorFile, type ReadOptions, type StoredTensor, type TensorFile } from './tensor-file.ts'

const EXTENSION = '.npy'

/**
 * NumPy's .npz: a ZIP archive, deflated or not, with one .npy file a tensor.
 *
 * @throws CribsheetError weights-damaged; weights-not-a-model where the archive holds no .npy file.
 */
export function readNpz(file: OpenTensorFile, options: ReadOptions): TensorFile {
  const tensors = new Map<string, StoredTensor>()
  for (const [entry, bytes] of Object.entries(unzip(file, options))) {
    const name = entry.slice(0, -EXTENSION.length)
    tensors.set(name, readNpy(file.path, name, bytes))
  }
  return { tensors, metadata: {} }
}

function unzip(file: OpenTensorFile, { only }: ReadOptions): Record<string, Uint8Array> {
  const entries: string[] = []
  const archive = new Uint8Array(file.read(0, file.size))
  let wanted: Record<string, Uint8Array>
  try {
    wanted = unzipSync(archive, {
      filter: ({ name }) => {
        entries.push(name)
        return name.endsWith(EXTENSION) && (!only || only(name.slice(0, -EXTENSION.length)))
      },
    })
  } catch (cause) {
    throw damaged(file.path, 'its ZIP archive cannot be unpacked', cause)
  }
  if (!entries.some((name) => name.endsWith(EXTENSION)))
    throw new CribsheetError('weights-not-a-model', 'The archive holds no NumPy arrays.', {
      file: file.path,
      advice: 'Weights are read from .safetensors and .npz files, and from .pth files of PyTorch.',
    })
  return wanted
}
