import { CribsheetError } from '../contract/index.ts'
import type { ElementType, StoredTensor, Tensor, TensorToWrite } from '../tensorflow/index.ts'

const elementTypes: Partial<Record<string, ElementType>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' }

/** A tensor as it is, in this program's layout; its values are fetched when they are written. */
export function toWrite(tensor: Tensor): TensorToWrite {
  const dtype = elementTypes[tensor.dtype]
  if (dtype === undefined) throw new RangeError(`Tensors of ${tensor.dtype} are not written.`)
  return { dtype, shape: tensor.shape, read: () => tensor.dataSync() }
}

/**
 * Checks that a file has these tensors, each with its shape, before anything is made of them.
 *
 * @throws CribsheetError weights-wrong-shape, naming the first tensor that is another, with the shape expected and the shape found
 */
export function checkTensors(
  file: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  expected: ReadonlyMap<string, readonly number[]>,
): void {
  for (const [name, shape] of expected) {
    const found = tensors.get(name)?.shape
    if (found && String(found) === String(shape)) continue
    const what = found ? `has the shape (${found.join(', ')})` : 'is missing'
    throw new CribsheetError('weights-wrong-shape', `The tensor ${name} ${what}, expected (${shape.join(', ')}).`, {
      file,
      advice:
        'It is of another architecture or of another number of prototypes: go on with the settings it was made with.',
    })
  }
}
