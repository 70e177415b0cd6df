import fc from 'fast-check'
import { expect, it } from 'vitest'
import { thinOut, ticks } from './line-chart.ts'

it('puts a few round ticks into any range', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (low, length) => {
        const found = ticks(low, low + length, 4)
        const margin = length * 1e-6
        expect(found.length).toBeGreaterThanOrEqual(1)
        expect(found.length).toBeLessThanOrEqual(5)
        for (const tick of found) {
          expect(tick).toBeGreaterThanOrEqual(low - margin)
          expect(tick).toBeLessThanOrEqual(low + length + margin)
        }
      },
    ),
  )
  expect(ticks(0, 10, 4)).toEqual([0, 5, 10])
  expect(ticks(1.2, 3.1, 4)).toEqual([1.5, 2, 2.5, 3])
  expect(ticks(2, 2, 4)).toEqual([2])
})

it('draws no more points than asked for, at the mean of what they stand for, and none for what is not known', () => {
  expect(thinOut([1, 2, 3, 4], [1, 3, 5, null], 2)).toEqual([
    { x: 1.5, y: 2 },
    { x: 3.5, y: 5 },
  ])
  expect(thinOut([1, 2], [null, null], 10)).toEqual([])
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -10, max: 10, noNaN: true })),
      fc.integer({ min: 1, max: 50 }),
      (values, most) => {
        const points = thinOut([...values.keys()], values, most)
        expect(points.length).toBeLessThanOrEqual(most)
        for (const { y } of points) {
          expect(y).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9)
          expect(y).toBeLessThanOrEqual(Math.max(...values) + 1e-9)
        }
      },
    ),
  )
})
