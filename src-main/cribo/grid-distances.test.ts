import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leastGridDistances } from './grid-distances.ts'

/** By the definition: the least distance over all other tokens of the cluster. */
function byDefinition(assignment: Int32Array, columns: number, K: number): number[] {
  const place = (token: number) => ({ x: token % columns, y: Math.floor(token / columns) })
  return Array.from({ length: assignment.length * K }, (_, i) => {
    const [token, cluster] = [Math.floor(i / K), i % K]
    const here = place(token)
    const others = [...assignment.keys()].filter((other) => assignment[other] === cluster && other !== token)
    const distances = others.map(place).map(({ x, y }) => Math.hypot(x - here.x, y - here.y))
    return distances.length === 0 ? 0 : Math.min(...distances)
  })
}

test('least distances are those of the definition', () => {
  const cases = fc
    .record({
      rows: fc.integer({ min: 1, max: 7 }),
      columns: fc.integer({ min: 1, max: 7 }),
      K: fc.integer({ min: 1, max: 5 }),
    })
    .chain(({ rows, columns, K }) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        K: fc.constant(K),
        clusters: fc.array(fc.integer({ min: 0, max: K }), { minLength: rows * columns, maxLength: rows * columns }),
      }),
    )
  fc.assert(
    fc.property(cases, ({ rows, columns, K, clusters }) => {
      const assignment = Int32Array.from(clusters)
      const expected = byDefinition(assignment, columns, K)
      leastGridDistances(assignment, { rows, columns }, K).forEach((distance, i) =>
        expect(distance).toBeCloseTo(expected[i], 12),
      )
    }),
  )
})
