import fc from 'fast-check'
import { expect, test } from 'vitest'
import { likelyClasses, ofClasses } from './likely-classes.ts'
import { anyMaps, sumsOf } from './maps-for-tests.ts'

const maps = (classes: number, ...values: number[]) => ({
  ...{ classes, columns: values.length / classes, rows: 1 },
  values: Float32Array.from(values),
})

test('a class that is likely in one cell counts, one that is likely in none does not', () => {
  const likely = likelyClasses(maps(3, 0.995, 0.4, 0.004, 0.015, 0.001, 0.585))
  expect(likely).toEqual([0, 2])
})

test('of very many alike classes all count', () => {
  expect(likelyClasses(maps(100, ...new Array<number>(100).fill(0.01)))).toHaveLength(100)
})

test('the chosen classes keep their proportions in every cell and sum to one', () => {
  fc.assert(
    fc.property(anyMaps(), (all) => {
      const likely = likelyClasses(all)
      const some = ofClasses(all, likely)
      for (const sum of sumsOf(some)) expect(sum).toBeCloseTo(1, 5)
      const cells = all.columns * all.rows
      likely.forEach((c, at) => {
        for (let i = 0; i < cells; i++) {
          const kept = likely.reduce((sum, other) => sum + all.values[other * cells + i], 0)
          if (kept > 0) expect(some.values[at * cells + i]).toBeCloseTo(all.values[c * cells + i] / kept, 5)
        }
      })
    }),
  )
})
