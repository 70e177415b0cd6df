import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tf, type Tensor3D } from '../tensorflow/index.ts'
import { affinities, affinityFromNeighbours } from './affinity.ts'
import type { Affinity } from './image-features.ts'
import { unitRows } from './tokens.ts'

function dense({ rowStarts, columns, weights }: Affinity): number[][] {
  const n = rowStarts.length - 1
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let row = 0; row < n; row++)
    for (let k = rowStarts[row]; k < rowStarts[row + 1]; k++) matrix[row][columns[k]] = weights[k]
  return matrix
}

/** Step 5 of the recipe, written out. */
function byDefinition(x: number[][]): number[][] {
  const n = x.length
  const A = x.map((row, i) => {
    const cosines = x.map((other, j) =>
      i === j ? -Infinity : row.reduce((sum, value, d) => sum + value * other[d], 0),
    )
    const least = cosines.toSorted((a, b) => b - a)[Math.min(20, n - 1) - 1]
    return cosines.map((s) => (s >= least ? Math.exp((s - 1) / 0.1) : 0))
  })
  const symmetric = A.map((row, i) => row.map((a, j) => (a + A[j][i]) / 2))
  const degrees = symmetric.map((row) => row.reduce((sum, a) => sum + a, 0))
  return symmetric.map((row, i) => row.map((a, j) => a / Math.sqrt(degrees[i] * degrees[j])))
}

function randomTokens(batch: number, n: number, c: number, seed: number): Tensor3D {
  return tf.tidy(() => unitRows(tf.randomNormal([batch, n, c], 0, 1, 'float32', seed)))
}

describe('affinities', () => {
  test.each([2, 3, 20, 21, 22, 70])('of %i tokens are those of the definition', (n) => {
    const x = randomTokens(2, n, 6, n)
    const found = affinities(x)
    const tokens = x.arraySync()
    x.dispose()
    found.forEach((affinity, image) => {
      const expected = byDefinition(tokens[image])
      dense(affinity).forEach((row, i) => {
        row.forEach((weight, j) => expect(Math.abs(weight - expected[i][j])).toBeLessThan(1e-3))
      })
    })
  })

  test('of a single token are none', () => {
    const x = randomTokens(1, 1, 6, 0)
    const [affinity] = affinities(x)
    x.dispose()
    expect(dense(affinity)).toEqual([[0]])
    expect(affinity.columns).toHaveLength(0)
  })

  test('of tokens that are all the same name each other, and never the token itself', () => {
    const n = 30
    const x: Tensor3D = tf.ones([1, n, 1])
    const [affinity] = affinities(x)
    x.dispose()
    dense(affinity).forEach((row, i) => {
      expect(row[i]).toBe(0)
      expect(row.filter((weight) => weight > 0).length).toBeGreaterThanOrEqual(20)
    })
  })

  test('give back what they held', () => {
    const x = randomTokens(1, 30, 6, 1)
    const before = tf.memory().numTensors
    affinities(x)
    expect(tf.memory().numTensors).toBe(before)
    x.dispose()
  })
})

test('compressed rows are symmetric, with ascending columns and no diagonal, and spread no more than they were given', () => {
  const anyNeighbours = fc.integer({ min: 2, max: 25 }).chain((n) =>
    fc.integer({ min: 1, max: Math.min(5, n - 1) }).chain((k) =>
      fc.record({
        n: fc.constant(n),
        indices: fc.tuple(
          ...Array.from({ length: n }, (_, i) =>
            fc.shuffledSubarray(
              [...Array(n).keys()].filter((j) => j !== i),
              { minLength: k, maxLength: k },
            ),
          ),
        ),
        similarities: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: n * k, maxLength: n * k }),
      }),
    ),
  )
  fc.assert(
    fc.property(anyNeighbours, ({ n, indices, similarities }) => {
      const affinity = affinityFromNeighbours(Int32Array.from(indices.flat()), Float32Array.from(similarities), n)
      const matrix = dense(affinity)
      matrix.forEach((row, i) => {
        expect(row[i]).toBe(0)
        row.forEach((weight, j) => {
          expect(weight).toBe(matrix[j][i])
          expect(weight >= 0 && weight <= 1).toBe(true)
        })
        const columns = affinity.columns.slice(affinity.rowStarts[i], affinity.rowStarts[i + 1])
        expect([...columns]).toEqual([...new Set(columns)].sort((a, b) => a - b))
      })
    }),
  )
})
