import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tf, type Tensor3D } from '../tensorflow/index.ts'
import { clusterTokens } from './clustering.ts'
import { normaliseRows } from './head.ts'
import { clusterImage, farthestPoints } from './image-clustering.ts'
import { gridPositions, patchwork } from './tokens-for-tests.ts'

test.each([
  [{ rows: 7, columns: 9 }, 5, 1],
  [{ rows: 14, columns: 14 }, 12, 2],
  [{ rows: 20, columns: 30 }, 32, 3],
  [{ rows: 1, columns: 12 }, 3, 4],
])('%o, K = %i: the same clusters as the batch-wise code finds from the same seeds', (grid, clusters, seed) => {
  const tokens = patchwork(grid, 2, seed)
  const seeds = tf.tensor2d(farthestPoints(normaliseRows(tokens), clusters), [1, clusters], 'int32')
  const batch = clusterTokens(tokens.expandDims<Tensor3D>(0), gridPositions(grid).expandDims(0), seeds, { alpha: 0.7 })
  expect([...clusterImage(tokens, grid, { clusters, alpha: 0.7 })]).toEqual([...batch.argMax(2).dataSync()])
})

test('seeds are distinct', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1000 }), (clusters, seed) => {
      const tokens = normaliseRows(patchwork({ rows: 5, columns: 8 }, 2, seed))
      expect(new Set(farthestPoints(tokens, clusters)).size).toBe(clusters)
    }),
    { numRuns: 20 },
  )
})

test('more clusters than tokens, equal tokens and a single token', () => {
  expect(
    [...clusterImage(tf.randomNormal([4, 3]), { rows: 2, columns: 2 }, { clusters: 9 })].every((id) => id < 4),
  ).toBe(true)
  expect(clusterImage(tf.ones([6, 3]), { rows: 2, columns: 3 }, { clusters: 2 })).toHaveLength(6)
  expect([...clusterImage(tf.ones([1, 3]), { rows: 1, columns: 1 }, { clusters: 32 })]).toEqual([0])
})

test.each([0, -1, 1.5, NaN])('%d clusters are refused', (clusters) => {
  const cluster = () => clusterImage(tf.ones([4, 3]), { rows: 2, columns: 2 }, { clusters })
  expect(cluster).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
})

test('a grid of another size is refused', () => {
  const cluster = () => clusterImage(tf.ones([4, 3]), { rows: 2, columns: 3 }, { clusters: 2 })
  expect(cluster).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
})
