import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evenlySpread } from './evenly-spread.ts'

test('at most so many, in their order, from the first on and at distances that differ by one at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 50 }), (length, most) => {
      const spread = evenlySpread([...Array(length).keys()], most)
      expect(spread).toHaveLength(Math.min(length, most))
      if (length > 0) expect(spread[0]).toBe(0)
      const distances = spread.slice(1).map((item, i) => item - spread[i])
      expect(Math.min(...distances, Infinity)).toBeGreaterThan(0)
      if (distances.length > 0) expect(Math.max(...distances) - Math.min(...distances)).toBeLessThanOrEqual(1)
    }),
  )
})
