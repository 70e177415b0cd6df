import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyPixels } from './class-map.ts'
import { agreementOf, scoreOf } from './confidence.ts'
import { resizeMaps } from './interpolation.ts'
import { anyMaps } from './maps-for-tests.ts'
import { mostProbable, type ProbabilityMaps } from './probability-maps.ts'

test('pixels are classified by the interpolated maps, with the margin of the best over the second', () => {
  fc.assert(
    fc.property(anyMaps(), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (maps, width, height) => {
      const resized = resizeMaps(maps, { columns: width, rows: height })
      const { indices, margins } = classifyPixels(maps, width, height)
      expect(Array.from(indices)).toEqual(Array.from(mostProbable(resized)))
      for (let i = 0; i < width * height; i++) {
        const ranked = Array.from({ length: maps.classes }, (_, c) => resized.values[c * width * height + i]).sort(
          (a, b) => b - a,
        )
        expect(margins[i] / 255).toBeCloseTo(ranked[0] - (ranked[1] ?? 0), 2)
      }
    }),
  )
})

test('more classes than a byte counts are indexed by two', () => {
  const values = new Float32Array(300)
  values[299] = 1
  const { indices } = classifyPixels({ classes: 300, columns: 1, rows: 1, values }, 2, 2)
  expect(indices).toEqual(Uint16Array.of(299, 299, 299, 299))
})

test('the score is the mean margin times the share of pixels on which the scales agree', () => {
  const fine: ProbabilityMaps = { classes: 2, columns: 2, rows: 1, values: Float32Array.of(0, 0, 1, 1) }
  const coarse: ProbabilityMaps = { ...fine, values: Float32Array.of(0.2, 0.6, 0.8, 0.4) }
  const agreement = agreementOf([coarse, fine])
  expect(agreement.cells).toEqual(Uint8Array.of(1, 0))
  const pixels = { width: 4, height: 1, indices: Uint8Array.of(1, 1, 1, 0), margins: Uint8Array.of(255, 51, 102, 0) }
  const score = scoreOf({ size: [1, 4], counts: [0, 3, 1] }, pixels, agreement)
  expect(score).toBeCloseTo(((1 + 0.2 + 0.4) / 3) * (2 / 3), 6)
})
