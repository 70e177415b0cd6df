import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classColours } from './colour-histograms.ts'
import { explainedByColour } from './explained-by-colour.ts'

const black = 0x088
const white = 0xf88

/** Two classes, of which the first has the probabilities given. */
function explained(first: number[], colours: number[]): number {
  const pixels = {
    ...{ classes: 2, share: 1, colours: Uint16Array.from(colours) },
    values: Float32Array.from([...first, ...first.map((p) => 1 - p)]),
  }
  return explainedByColour(pixels, classColours(pixels))
}

test('colours that each have their class explain all', () => {
  expect(explained([1, 1, 0, 0], [white, white, black, black])).toBeCloseTo(1)
})

test('colours that all classes have explain nothing', () => {
  expect(explained([1, 0, 1, 0], [white, white, black, black])).toBeCloseTo(0)
  expect(explained([1, 1, 0, 0], [white, white, white, white])).toBeCloseTo(0)
})

test('colours that have a class more often than not explain a part of it', () => {
  // Three of four: I(colour; class) = ln 2 - H(1/4), of ln 2 that the pixels say.
  const binary = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75))
  const share = explained([1, 1, 1, 0, 0, 0, 0, 1], [white, white, white, white, black, black, black, black])
  expect(share).toBeCloseTo(1 - binary / Math.LN2)
})

test('where the pixels tell no classes apart, nothing is explained', () => {
  expect(explained([0.3, 0.3, 0.3], [white, black, black])).toBe(0)
})

test('the share is from 0 to 1, and the order of the pixels does not matter', () => {
  const pixel = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 17, 300, 4095))
  fc.assert(
    fc.property(fc.array(pixel, { minLength: 1, maxLength: 40 }), (all) => {
      const share = explained(
        all.map(([p]) => p),
        all.map(([, colour]) => colour),
      )
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
      const turned = all.toReversed()
      expect(
        explained(
          turned.map(([p]) => p),
          turned.map(([, colour]) => colour),
        ),
      ).toBeCloseTo(share, 5)
    }),
  )
})
