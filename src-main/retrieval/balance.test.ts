import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classWeights, weighClasses } from './balance.ts'

const counts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 6 })

test('the rarer a named class, the more it counts; the background keeps its weight', () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0.1, max: 1, noNaN: true }), (tokens, exponent) => {
      const [rest, ...weights] = classWeights(tokens, Array.from(tokens.keys()), exponent)
      expect(rest).toBe(1)
      const [, ...named] = tokens
      named.forEach((count, a) =>
        named.forEach((other, b) => {
          expect(weights[a] / weights[b]).toBeCloseTo((other / count) ** exponent, 4)
        }),
      )
    }),
  )
})

test('one class beside the background is weighed by nothing, nor is any at exponent 0', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), counts, (rest, one, tokens) => {
      expect(classWeights([rest, one], [0, 7], 0.5)).toEqual(Float32Array.of(1, 1))
      const ids = tokens.map((_, c) => c + 1)
      expect(classWeights(tokens, ids, 0)).toEqual(new Float32Array(tokens.length).fill(1))
    }),
  )
})

test('a class that no labelled token shows is left as it is', () => {
  expect(classWeights([4, 0, 4], [0, 1, 2], 0.5)).toEqual(Float32Array.of(1, 1, 1))
})

test('weighed probabilities of a cell sum to one, in the proportion of their weights', () => {
  const maps = { classes: 2, columns: 2, rows: 1, values: Float32Array.of(0.5, 0.2, 0.5, 0.8) }
  const { values } = weighClasses(maps, Float32Array.of(1, 3))
  expect([...values].map((value) => Number(value.toFixed(4)))).toEqual([0.25, 0.0769, 0.75, 0.9231])
})
