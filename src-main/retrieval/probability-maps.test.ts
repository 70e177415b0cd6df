import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resizeMaps } from './interpolation.ts'
import { mostProbable, normalise, type ProbabilityMaps } from './probability-maps.ts'
import { combineScales, toFinestGrid } from './scales.ts'
import { anyMaps, sumsOf } from './maps-for-tests.ts'

test('resizing keeps the classes of a cell summing to one', () => {
  fc.assert(
    fc.property(anyMaps(), fc.integer({ min: 1, max: 23 }), fc.integer({ min: 1, max: 17 }), (maps, columns, rows) => {
      const resized = resizeMaps(maps, { columns, rows })
      for (const sum of sumsOf(resized)) expect(sum).toBeCloseTo(1, 5)
    }),
  )
})

test('resizing to the same size changes nothing, and twice the size interpolates between cell centres', () => {
  const maps: ProbabilityMaps = { classes: 1, columns: 2, rows: 1, values: Float32Array.of(0, 1) }
  expect(resizeMaps(maps, { columns: 2, rows: 1 }).values).toEqual(maps.values)
  expect(Array.from(resizeMaps(maps, { columns: 4, rows: 1 }).values)).toEqual([0, 0.25, 0.75, 1])
})

test('combining scales is the normalised geometric mean', () => {
  fc.assert(
    fc.property(anyMaps(), (maps) => {
      const [coarse, fine] = toFinestGrid([maps, { ...maps, values: maps.values.toReversed() }])
      const combined = combineScales([coarse, fine])
      const cells = maps.columns * maps.rows
      for (let i = 0; i < cells; i++) {
        const means = Array.from({ length: maps.classes }, (_, c) =>
          Math.sqrt(Math.max(coarse.values[c * cells + i], 1e-4) * Math.max(fine.values[c * cells + i], 1e-4)),
        )
        const total = means.reduce((sum, mean) => sum + mean, 0)
        means.forEach((mean, c) => expect(combined.values[c * cells + i]).toBeCloseTo(mean / total, 5))
      }
    }),
  )
})

test('combining a scale with itself keeps its most probable classes', () => {
  fc.assert(
    fc.property(anyMaps(), (maps) => {
      expect(mostProbable(combineScales([maps, maps]))).toEqual(mostProbable(maps))
    }),
  )
})

test('a cell without any vote becomes uniform', () => {
  const maps: ProbabilityMaps = { classes: 4, columns: 1, rows: 1, values: new Float32Array(4) }
  normalise(maps)
  expect(Array.from(maps.values)).toEqual([0.25, 0.25, 0.25, 0.25])
})
