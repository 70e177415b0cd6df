import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  acceptedFrom,
  areaUnderRoc,
  expectedCalibrationError,
  isRight,
  riskCoverage,
  spearman,
  type ScoredIou,
} from './calibration.ts'

const tenths = fc.integer({ min: 0, max: 10 }).map((n) => n / 10)
const scoredList = fc.array(fc.record<ScoredIou>({ score: tenths, iou: tenths }), { minLength: 1, maxLength: 40 })
const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 30 })

test('the correlation of ranks is 1 with what grows alike, -1 with what falls alike, and knows nothing of units', () => {
  fc.assert(
    fc.property(values, (a) => {
      fc.pre(new Set(a).size > 1)
      const grown = a.map((value) => Math.exp(value))
      expect(spearman(a, grown)).toBeCloseTo(1, 12)
      expect(
        spearman(
          a,
          grown.map((value) => -value),
        ),
      ).toBeCloseTo(-1, 12)
    }),
  )
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12) // 1 - 6 sum d^2 / (n (n^2 - 1)), by hand
  expect(spearman([1, 1], [1, 2])).toBeNaN()
})

test('a score that is always the share of right ones has no calibration error; one that is certain and wrong has 1', () => {
  fc.assert(
    fc.property(fc.array(tenths, { minLength: 1, maxLength: 40 }), (ious) => {
      const share = ious.filter(isRight).length / ious.length
      expect(expectedCalibrationError(ious.map((iou) => ({ score: share, iou })))).toBeCloseTo(0, 12)
    }),
  )
  expect(expectedCalibrationError([{ score: 1, iou: 0.7 }])).toBe(1)
  expect(expectedCalibrationError([])).toBeNaN()
})

test('the calibration error lies between the difference of the means and the mean difference', () => {
  fc.assert(
    fc.property(scoredList, (scored) => {
      const differences = scored.map(({ score, iou }) => score - Number(isRight(iou)))
      const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length
      const error = expectedCalibrationError(scored)
      expect(error).toBeGreaterThanOrEqual(Math.abs(mean(differences)) - 1e-12)
      expect(error).toBeLessThanOrEqual(mean(differences.map(Math.abs)) + 1e-12)
    }),
  )
})

test('the risk of all is the share of wrong ones, whatever the scores; better scores never have more area', () => {
  fc.assert(
    fc.property(scoredList, (scored) => {
      const wrong = scored.filter(({ iou }) => !isRight(iou)).length / scored.length
      const { area, curve } = riskCoverage(scored)
      expect(curve.at(-1)?.coverage).toBe(1)
      expect(curve.at(-1)?.risk).toBeCloseTo(wrong, 12)
      const ofScores = (score: (iou: number) => number) =>
        riskCoverage(scored.map(({ iou }) => ({ iou, score: score(iou) }))).area
      expect(ofScores((iou) => iou)).toBeLessThanOrEqual(area + 1e-12)
      expect(ofScores((iou) => 1 - iou)).toBeGreaterThanOrEqual(area - 1e-12)
      expect(ofScores(() => 0.5)).toBeCloseTo(wrong, 12)
    }),
  )
  expect(riskCoverage([])).toEqual({ area: NaN, curve: [] })
})

test('the order of proposals changes nothing, equally certain ones included', () => {
  fc.assert(
    fc.property(scoredList, (scored) => {
      const turned = scored.toReversed()
      expect(riskCoverage(turned).area).toBeCloseTo(riskCoverage(scored).area, 12)
      expect(expectedCalibrationError(turned)).toBeCloseTo(expectedCalibrationError(scored), 12)
    }),
  )
})

test('accepting from a score on takes these, and says how many are right', () => {
  const scored = [0.95, 0.9, 0.9, 0.2].map((score, i) => ({ score, iou: i === 1 ? 0.7 : 0.75 }))
  expect(acceptedFrom(0.9, scored)).toEqual({ accepted: 0.75, right: 2 / 3 })
  expect(acceptedFrom(0.96, scored)).toEqual({ accepted: 0, right: null })
  fc.assert(
    fc.property(scoredList, (all) => {
      expect(acceptedFrom(0, all)).toEqual({
        accepted: 1,
        right: all.filter(({ iou }) => isRight(iou)).length / all.length,
      })
    }),
  )
})

test('the area under the ROC curve counts the pairs in the right order', () => {
  fc.assert(
    fc.property(values, values, (positives, negatives) => {
      const pairs = positives.flatMap((p) => negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)))
      const share = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length
      expect(areaUnderRoc(positives, negatives)).toBeCloseTo(share, 12)
    }),
  )
  expect(areaUnderRoc([], [1])).toBeNaN()
})
