import fc from 'fast-check'
import { expect, test } from 'vitest'
import { affinityFromNeighbours } from './affinity.ts'
import type { Affinity } from './image-features.ts'
import type { GridLabels } from './labels.ts'
import { tellingTokens } from './telling-tokens.ts'

/** A row of tokens, each like the two before and after it. */
function rowOf(count: number): Affinity {
  const near = (token: number) =>
    Array.from({ length: count }, (_, other) => other)
      .filter((other) => other !== token)
      .sort((a, b) => Math.abs(a - token) - Math.abs(b - token))
      .slice(0, 4)
  const indices = Int32Array.from(Array.from({ length: count }, (_, token) => near(token)).flat())
  return affinityFromNeighbours(indices, new Float32Array(indices.length).fill(0.9), count)
}

/** Class 1 from token `border` on, class 0 before. */
function labelsOf(count: number, border: number): GridLabels {
  const second = Float32Array.from({ length: count }, (_, token) => (token < border ? 0 : 1))
  return {
    known: new Float32Array(count).fill(1),
    shares: Float32Array.from([...second.map((share) => 1 - share), ...second]),
    annotations: new Uint32Array(2 * count),
  }
}

const settings = { expectedFrom: 0.97, expectedStep: 4 }
const all = (count: number) => Array.from({ length: count }, (_, token) => token)

test('all tokens at the border of two classes are kept, and of those within one every fourth', () => {
  const kept = tellingTokens(all(40), labelsOf(40, 20), rowOf(40), settings)
  expect(kept).toEqual(expect.arrayContaining([18, 19, 20, 21]))
  expect(kept.length).toBeGreaterThanOrEqual(4 + 9)
  expect(kept.length).toBeLessThanOrEqual(6 + 9)
})

test('of any labels some of the candidates are kept, in order, and all of them where every one counts', () => {
  const cases = fc.record({
    count: fc.integer({ min: 5, max: 60 }),
    border: fc.nat(60),
    step: fc.integer({ min: 1, max: 9 }),
  })
  fc.assert(
    fc.property(cases, ({ count, border, step }) => {
      const candidates = all(count).filter((token) => token % 3 !== 1)
      const keep = (expectedStep: number) =>
        tellingTokens(candidates, labelsOf(count, border), rowOf(count), { expectedFrom: 0.97, expectedStep })
      const kept = keep(step)
      expect(kept).toEqual(candidates.filter((token) => kept.includes(token)))
      expect(kept.length).toBeGreaterThanOrEqual(Math.ceil(candidates.length / step))
      expect(keep(1)).toEqual(candidates)
    }),
  )
})

test('a token that is like no other is kept', () => {
  const alone: Affinity = { rowStarts: Uint32Array.of(0, 0), columns: new Uint16Array(), weights: new Float16Array() }
  expect(tellingTokens([0], labelsOf(1, 0), alone, settings)).toEqual([0])
})
