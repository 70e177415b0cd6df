import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tf } from '../tensorflow/index.ts'
import type { ObjectChunk } from './object-matches.ts'
import { searchObjects } from './object-search.ts'

const dimensions = 4

/** Distinct directions, so that no two objects are equally alike to a query. */
function directions(count: number, seed: number): Float16Array {
  const values = Array.from({ length: count }, (_, i) => {
    const angle = 0.37 * (i + 1) + seed
    const vector = [Math.sin(angle), Math.cos(2.3 * angle), Math.sin(5.1 * angle), Math.cos(0.7 * angle)]
    const length = Math.hypot(...vector)
    return vector.map((value) => value / length)
  })
  return Float16Array.from(values.flat())
}

function chunksOf(embeddings: Float16Array, sizes: number[]): ObjectChunk[] {
  const chunks: ObjectChunk[] = []
  let start = 0
  for (const size of [...sizes, Infinity]) {
    const end = Math.min(start + size, embeddings.length / dimensions)
    const ids = Array.from({ length: end - start }, (_, i) => 100 + start + i)
    if (ids.length > 0) chunks.push({ ids, embeddings: embeddings.subarray(start * dimensions, end * dimensions) })
    start = end
  }
  return chunks
}

function cosine(a: Float16Array, i: number, b: Float16Array, j: number): number {
  let sum = 0
  for (let d = 0; d < dimensions; d++) sum += a[i * dimensions + d] * b[j * dimensions + d]
  return sum
}

test('finds what comparing with every object finds, however the objects are cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 70 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
      (objectCount, queryCount, count, sizes) => {
        const objects = directions(objectCount, 0)
        const queries = directions(queryCount, 0.11)
        const before = tf.memory().numTensors
        const found = searchObjects(queries, dimensions, chunksOf(objects, sizes), count)
        expect(tf.memory().numTensors).toBe(before)
        expect(found).toHaveLength(queryCount)
        found.forEach((matches, query) => {
          const all = Array.from({ length: objectCount }, (_, i) => ({
            id: 100 + i,
            similarity: cosine(queries, query, objects, i),
          })).sort((a, b) => b.similarity - a.similarity)
          expect(matches).toHaveLength(Math.min(count, objectCount))
          matches.forEach(({ similarity }, i) => expect(similarity).toBeCloseTo(all[i].similarity, 5))
          expect(new Set(matches.map(({ id }) => id)).size).toBe(matches.length)
          for (const { id, similarity } of matches)
            expect(similarity).toBeCloseTo(cosine(queries, query, objects, id - 100), 5)
        })
      },
    ),
  )
})

test('of equal objects the earlier come first', () => {
  const embeddings = new Float16Array(6 * dimensions).map((_, i) => (i % dimensions === 0 ? 1 : 0))
  const [matches] = searchObjects(embeddings.slice(0, dimensions), dimensions, chunksOf(embeddings, [2, 3]), 4)
  expect(matches.map(({ id }) => id)).toEqual([100, 101, 102, 103])
})
