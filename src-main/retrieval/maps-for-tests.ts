import fc from 'fast-check'
import { normalise, type ProbabilityMaps } from './probability-maps.ts'

/** Any small maps whose classes sum to one, for property tests. */
export function anyMaps(largest = 12): fc.Arbitrary<ProbabilityMaps> {
  return fc
    .record({
      classes: fc.integer({ min: 1, max: 4 }),
      columns: fc.integer({ min: 1, max: largest }),
      rows: fc.integer({ min: 1, max: largest }),
    })
    .chain(({ classes, columns, rows }) => {
      const length = classes * columns * rows
      return fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: length, maxLength: length }).map((values) => {
        const maps = { classes, columns, rows, values: Float32Array.from(values) }
        normalise(maps)
        return maps
      })
    })
}

/** Sum over the classes of each cell. */
export function sumsOf(maps: ProbabilityMaps): number[] {
  const cells = maps.columns * maps.rows
  return Array.from({ length: cells }, (_, i) => {
    let sum = 0
    for (let c = 0; c < maps.classes; c++) sum += maps.values[c * cells + i]
    return sum
  })
}
