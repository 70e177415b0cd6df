import { tf, type Tensor2D } from '../tensorflow/index.ts'
import type { ObjectChunk, ObjectMatch } from './object-matches.ts'

/** Cosines of a chunk with all queries are held at once: 64 MiB of them. */
const LARGEST_PRODUCT = 2 ** 24

/**
 * The objects most like each query, the most alike first, equal ones in the order of the chunks: exact, by products with every
 * object. Needs the memory of one chunk.
 *
 * @param queries (q, dimensions), row-major, unit rows
 * @param count how many for each query
 */
export function searchObjects(
  queries: Float16Array,
  dimensions: number,
  chunks: Iterable<ObjectChunk>,
  count: number,
): ObjectMatch[][] {
  const queryTensor = tf.tensor2d(new Float32Array(queries), [queries.length / dimensions, dimensions])
  let best: ObjectMatch[][] = Array.from({ length: queryTensor.shape[0] }, () => [])
  const rows = Math.max(1, Math.floor(LARGEST_PRODUCT / Math.max(1, queryTensor.shape[0])))
  for (const { ids, embeddings } of chunks) {
    for (let start = 0; start < ids.length; start += rows) {
      const block = embeddings.subarray(start * dimensions, (start + rows) * dimensions)
      const found = nearest(queryTensor, block, count)
      best = best.map((matches, query) => {
        const more = found[query].map(({ row, similarity }) => ({ id: ids[start + row], similarity }))
        return merge(matches, more, count)
      })
    }
  }
  queryTensor.dispose()
  return best
}

/** For each query the rows of the block with the largest cosines. */
function nearest(queries: Tensor2D, block: Float16Array, count: number): { row: number; similarity: number }[][] {
  const [queryCount, dimensions] = queries.shape
  const rows = block.length / dimensions
  const kept = Math.min(count, rows)
  const top = tf.tidy(() => {
    const objects = tf.tensor2d(new Float32Array(block), [rows, dimensions])
    return tf.topk(tf.matMul(queries, objects, false, true), kept)
  })
  const similarities = top.values.dataSync<'float32'>()
  const indices = top.indices.dataSync<'int32'>()
  tf.dispose([top.values, top.indices])
  return Array.from({ length: queryCount }, (_, query) =>
    Array.from({ length: kept }, (_, i) => ({
      row: indices[query * kept + i],
      similarity: similarities[query * kept + i],
    })),
  )
}

/** The first `count` of two lists in order, as one: earlier objects come first where two are equal. */
function merge(earlier: ObjectMatch[], later: ObjectMatch[], count: number): ObjectMatch[] {
  return [...earlier, ...later].sort((a, b) => b.similarity - a.similarity).slice(0, count)
}
