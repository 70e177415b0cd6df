import fc from 'fast-check'
import { expect, it } from 'vitest'
import { geodesicDistances, stepCosts } from './geodesic.ts'

const directionOfToken = (angle: number) => [Math.cos(angle), Math.sin(angle)]

const anyGrid = fc
  .record({ columns: fc.integer({ min: 1, max: 7 }), rows: fc.integer({ min: 1, max: 7 }) })
  .chain(({ columns, rows }) =>
    fc.record({
      grid: fc.constant({ columns, rows }),
      angles: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), {
        minLength: columns * rows,
        maxLength: columns * rows,
      }),
      start: fc.integer({ min: 0, max: columns * rows - 1 }),
    }),
  )

it('finds the cheapest way to every token, as a search through all of them does', () => {
  fc.assert(
    fc.property(anyGrid, ({ grid, angles, start }) => {
      const costs = stepCosts(Float32Array.from(angles.flatMap(directionOfToken)), grid, 2)
      const found = geodesicDistances(costs, grid, [start])
      const expected = everyWay(angles, grid, start)
      found.forEach((distance, token) => expect(distance).toBeCloseTo(expected[token], 3))
    }),
  )
})

it('has no way without a start', () => {
  const costs = stepCosts(Float32Array.of(1, 0, 1, 0), { columns: 2, rows: 1 }, 2)
  expect([...geodesicDistances(costs, { columns: 2, rows: 1 }, [])]).toEqual([Infinity, Infinity])
})

/** Bellman and Ford's algorithm over all pairs of neighbours, until nothing changes. */
function everyWay(angles: number[], { columns, rows }: { columns: number; rows: number }, start: number): number[] {
  const distances = angles.map((_, token) => (token === start ? 0 : Infinity))
  for (let changed = true; changed;) {
    changed = false
    for (let a = 0; a < columns * rows; a++)
      for (let b = 0; b < columns * rows; b++) {
        const across = Math.abs((a % columns) - (b % columns))
        const down = Math.abs(Math.floor(a / columns) - Math.floor(b / columns))
        if (Math.max(across, down) !== 1) continue
        const cost = Math.hypot(across, down) * (1 - Math.cos(angles[a] - angles[b])) + 0.02
        if (distances[a] + cost < distances[b] - 1e-9) {
          distances[b] = distances[a] + cost
          changed = true
        }
      }
  }
  return distances
}
