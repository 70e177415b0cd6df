import fc from 'fast-check'
import { expect, test } from 'vitest'
import { philox, uniformStream, type Counter } from './philox.ts'

/** Known answers of Random123, the authors' own library. */
test.each<[Counter, [number, number], Counter]>([
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])('philox4x32-10 of %j under %j', (counter, key, expected) => {
  expect(philox(counter, key)).toEqual(expected)
})

const word = fc.nat(0xffffffff)

test('a stream is the same each time, in [0, 1), and another one at another seed, purpose or place', () => {
  fc.assert(
    fc.property(word, fc.tuple(word, word, word), (seed, place) => {
      const first = (stream: () => number) => Array.from({ length: 5 }, stream)
      const numbers = first(uniformStream(seed, 'views', place))
      expect(first(uniformStream(seed, 'views', place))).toEqual(numbers)
      expect(new Set(numbers).size).toBe(5)
      for (const number of numbers) expect(number >= 0 && number < 1).toBe(true)
      const [x, y, z] = place
      for (const other of [
        uniformStream(seed ^ 1, 'views', place),
        uniformStream(seed, 'epochs', place),
        uniformStream(seed, 'views', [x ^ 1, y, z]),
        uniformStream(seed, 'views', [x, y, z ^ 1]),
      ])
        expect(first(other)).not.toEqual(numbers)
    }),
  )
})

test('the numbers are uniform: mean, variance, and no correlation between neighbouring places', () => {
  const count = 20_000
  const numbers = Float64Array.from({ length: count }, (_, i) => uniformStream(7, 'views', [i, 0, 0])())
  const mean = numbers.reduce((sum, x) => sum + x, 0) / count
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count
  const covariance = numbers.reduce((sum, x, i) => sum + (x - mean) * (numbers[(i + 1) % count] - mean), 0) / count
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002)
  expect(Math.abs(covariance)).toBeLessThan(0.002)
})
