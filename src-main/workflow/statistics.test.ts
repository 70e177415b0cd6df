import { expect, test } from 'vitest'
import { mean, standardDeviation } from './statistics.ts'

test('mean and standard deviation of a sample', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(standardDeviation([2, 4, 4, 6])).toBeCloseTo(Math.sqrt(8 / 3), 12)
  expect(standardDeviation([5])).toBe(0)
})
