import { z } from 'zod'
import { CribsheetError } from '../contract/index.ts'
import { readTensorFile, writeSafetensors, type StoredTensor } from '../tensorflow/without-tensorflow.ts'
import type { Affinity, ImageFeatures, ScaleFeatures } from './image-features.ts'

// One safetensors file an image: for scale i the tensors i.tokens (rows, columns, dimensions), i.rowStarts, i.columns, i.weights.

const FORMAT = 'cribsheet-features-1'

const size = z.coerce.number().pipe(z.int().positive())
const metadataSchema = z.object({
  format: z.literal(FORMAT),
  basis: z.string(),
  width: size,
  height: size,
  longSides: z.string().transform((text) => text.split(',').map((side) => size.parse(side))),
})

/**
 * @param basis the fingerprint of the basis that the features were made with
 * @throws CribsheetError disk-full, folder-unreadable; the file is then as it was
 */
export function writeFeatures(file: string, basis: string, { width, height, scales }: ImageFeatures): void {
  const tensors = new Map<string, StoredTensor>()
  scales.forEach(({ rows, columns, dimensions, tokens, affinity }, i) => {
    const vector = (name: string, dtype: 'U32' | 'U16' | 'F16', data: Affinity[keyof Affinity]): void => {
      tensors.set(`${i}.${name}`, { dtype, shape: [data.length], data })
    }
    tensors.set(`${i}.tokens`, { dtype: 'F16', shape: [rows, columns, dimensions], data: tokens })
    vector('rowStarts', 'U32', affinity.rowStarts)
    vector('columns', 'U16', affinity.columns)
    vector('weights', 'F16', affinity.weights)
  })
  const longSides = scales.map(({ longSide }) => longSide).join()
  writeSafetensors(file, {
    tensors,
    metadata: { format: FORMAT, basis, width: String(width), height: String(height), longSides },
  })
}

/**
 * The features in a file; null where there is no such file, where it was cut off or damaged, or made with another basis: it is a
 * cache, and its image is computed again.
 */
export function readFeatures(file: string, basis: string): ImageFeatures | null {
  try {
    const { tensors, metadata } = readTensorFile(file)
    const { basis: madeWith, width, height, longSides } = metadataSchema.parse(metadata)
    if (madeWith !== basis) return null
    const scales = longSides.map((longSide, i) => readScale(tensors, i, longSide))
    return scales.every(isSound) ? { width, height, scales } : null
  } catch (error) {
    if (error instanceof CribsheetError || error instanceof z.ZodError) return null
    throw error
  }
}

const tokensSchema = z.object({ shape: z.tuple([z.int(), z.int(), z.int()]), data: z.instanceof(Float16Array) })
const affinitySchema = z.object({
  rowStarts: z.object({ data: z.instanceof(Uint32Array) }),
  columns: z.object({ data: z.instanceof(Uint16Array) }),
  weights: z.object({ data: z.instanceof(Float16Array) }),
})

function readScale(tensors: Map<string, StoredTensor>, i: number, longSide: number): ScaleFeatures {
  const { shape, data } = tokensSchema.parse(tensors.get(`${i}.tokens`))
  const [rows, columns, dimensions] = shape
  const parts = affinitySchema.parse({
    rowStarts: tensors.get(`${i}.rowStarts`),
    columns: tensors.get(`${i}.columns`),
    weights: tensors.get(`${i}.weights`),
  })
  const affinity = { rowStarts: parts.rowStarts.data, columns: parts.columns.data, weights: parts.weights.data }
  return { longSide, columns, rows, dimensions, tokens: data, affinity }
}

/** Compressed rows that name no token which is not there. */
function isSound({ rows, columns: gridColumns, affinity: { rowStarts, columns, weights } }: ScaleFeatures): boolean {
  const tokens = rows * gridColumns
  return (
    rowStarts.length === tokens + 1 &&
    rowStarts[0] === 0 &&
    rowStarts.every((start, i) => i === 0 || start >= rowStarts[i - 1]) &&
    rowStarts[tokens] === columns.length &&
    columns.length === weights.length &&
    columns.every((column) => column < tokens)
  )
}
