import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Affinity } from './image-features.ts'
import { anyMaps, sumsOf } from './maps-for-tests.ts'
import { spread } from './spread.ts'

/** A symmetric matrix with zeros on its diagonal, and the same in compressed rows. */
function anyAffinity(cells: number): fc.Arbitrary<{ matrix: number[][]; affinity: Affinity }> {
  return fc
    .array(fc.constantFrom(0, 0, 0.125, 0.25), { minLength: cells * cells, maxLength: cells * cells })
    .map((entries) => {
      const matrix = Array.from({ length: cells }, (_, i) =>
        Array.from({ length: cells }, (_, j) => (i === j ? 0 : entries[Math.min(i, j) * cells + Math.max(i, j)])),
      )
      const rows = matrix.map((row) => [...row.keys()].filter((j) => row[j] !== 0))
      const affinity = {
        rowStarts: Uint32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]),
        columns: Uint16Array.from(rows.flat()),
        weights: Float16Array.from(rows.flatMap((columns, i) => columns.map((j) => matrix[i][j]))),
      }
      return { matrix, affinity }
    })
}

const votesAndAffinity = anyMaps(4).chain((votes) =>
  fc.record({ votes: fc.constant(votes), alike: anyAffinity(votes.columns * votes.rows) }),
)

test('spreading is the iteration F <- alpha A F + (1 - alpha) P0, then each token sums to one', () => {
  fc.assert(
    fc.property(votesAndAffinity, ({ votes, alike }) => {
      const cells = votes.columns * votes.rows
      let expected = Array.from(votes.values)
      for (let step = 0; step < 3; step++) {
        expected = expected.map((_, at) => {
          const start = at - (at % cells)
          const heard = alike.matrix[at % cells].reduce((sum, weight, j) => sum + weight * expected[start + j], 0)
          return 0.25 * heard + 0.75 * votes.values[at]
        })
      }
      const sums = sumsOf({ ...votes, values: Float32Array.from(expected) })
      const result = spread(votes, alike.affinity, { steps: 3, alpha: 0.25 })
      result.values.forEach((value, at) => expect(value).toBeCloseTo(expected[at] / sums[at % cells], 5))
    }),
  )
})

test('without steps, and among tokens that are like no other, the votes stay as they are', () => {
  fc.assert(
    fc.property(votesAndAffinity, ({ votes, alike }) => {
      const alone = {
        rowStarts: alike.affinity.rowStarts.map(() => 0),
        columns: new Uint16Array(),
        weights: new Float16Array(),
      }
      for (const result of [
        spread(votes, alike.affinity, { steps: 0, alpha: 0.5 }),
        spread(votes, alone, { steps: 10, alpha: 0.5 }),
      ]) {
        result.values.forEach((value, at) => expect(value).toBeCloseTo(votes.values[at], 5))
      }
    }),
  )
})

test('every token sums to one, and the votes that came in are not written to', () => {
  fc.assert(
    fc.property(votesAndAffinity, ({ votes, alike }) => {
      const before = votes.values.slice()
      for (const sum of sumsOf(spread(votes, alike.affinity, { steps: 10, alpha: 0.5 }))) expect(sum).toBeCloseTo(1, 5)
      expect(votes.values).toEqual(before)
    }),
  )
})
