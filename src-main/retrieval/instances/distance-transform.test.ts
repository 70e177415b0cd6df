import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distancesToBoundary } from './distance-transform.ts'

const grids = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.constantFrom(0, 1, 7.5, 40, Infinity), { minLength: width * height, maxLength: width * height })
      .map((costs) => ({ width, height, costs: Float64Array.from(costs) })),
  )

test('is the cheapest way to any pixel, as found by trying them all', () => {
  fc.assert(
    fc.property(grids, ({ width, height, costs }) => {
      const distances = distancesToBoundary(costs, width, height)
      distances.forEach((distance, p) => {
        const tried = Array.from(costs, (cost, q) => {
          const across = (p % width) - (q % width)
          const down = Math.floor(p / width) - Math.floor(q / width)
          return Math.sqrt(across ** 2 + down ** 2 + cost)
        })
        expect(distance).toBeCloseTo(Math.min(...tried), 9)
      })
    }),
  )
})

test('the edge of the picture bounds nothing', () => {
  expect([...distancesToBoundary(Float64Array.of(Infinity, Infinity, 0), 3, 1)]).toEqual([2, 1, 0])
  expect([...distancesToBoundary(Float64Array.of(Infinity, Infinity), 2, 1)]).toEqual([Infinity, Infinity])
})
