import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asItIs, fitRecalibration, recalibrate, type Answer } from './recalibration.ts'

const score = fc.integer({ min: 1, max: 99 }).map((n) => n / 100)
const answers = fc.array(fc.record<Answer>({ score, right: fc.boolean() }), { maxLength: 60 })
const repeat = (count: number, answer: Answer) => Array.from({ length: count }, () => answer)

test('without answers scores stay as they are', () => {
  expect(fitRecalibration([])).toEqual(asItIs)
  fc.assert(
    fc.property(score, (p) => {
      expect(recalibrate(p, asItIs)).toBeCloseTo(p, 12)
    }),
  )
})

test('the order of proposals is never turned round, and scores stay within 0 and 1', () => {
  fc.assert(
    fc.property(answers, score, score, (given, a, b) => {
      const fitted = fitRecalibration(given)
      const [low, high] = [recalibrate(Math.min(a, b), fitted), recalibrate(Math.max(a, b), fitted)]
      expect(low).toBeLessThanOrEqual(high)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
    }),
  )
})

test('one more accepted proposal never lowers what is thought of its like, one more rejected never raises it', () => {
  fc.assert(
    fc.property(answers, score, (given, p) => {
      const before = recalibrate(p, fitRecalibration(given))
      expect(recalibrate(p, fitRecalibration([...given, { score: p, right: true }]))).toBeGreaterThan(before - 1e-6)
      expect(recalibrate(p, fitRecalibration([...given, { score: p, right: false }]))).toBeLessThan(before + 1e-6)
    }),
  )
})

test('few answers move little: one by less than ten points', () => {
  fc.assert(
    fc.property(score, fc.boolean(), score, (p, right, other) => {
      const fitted = fitRecalibration([{ score: p, right }])
      expect(Math.abs(recalibrate(other, fitted) - other)).toBeLessThan(0.1)
    }),
  )
})

test('many answers decide: the score of their like becomes the share of right ones', () => {
  fc.assert(
    fc.property(score, fc.integer({ min: 1, max: 9 }), (p, tenths) => {
      const given = [
        ...repeat(100 * tenths, { score: p, right: true }),
        ...repeat(1000 - 100 * tenths, { score: p, right: false }),
      ]
      expect(recalibrate(p, fitRecalibration(given))).toBeCloseTo(tenths / 10, 1)
    }),
  )
})

test('the order of the answers changes nothing', () => {
  fc.assert(
    fc.property(answers, (given) => {
      const [a, b] = [fitRecalibration(given), fitRecalibration(given.toReversed())]
      expect(a.slope).toBeCloseTo(b.slope, 4)
      expect(a.shift).toBeCloseTo(b.shift, 4)
    }),
  )
})

test('scores that say nothing are drawn to the middle, those that say all are left alone or sharpened', () => {
  const telling = [...repeat(40, { score: 0.8, right: true }), ...repeat(40, { score: 0.2, right: false })]
  const idle = [0.8, 0.2].flatMap((p) => [
    ...repeat(20, { score: p, right: true }),
    ...repeat(20, { score: p, right: false }),
  ])
  expect(fitRecalibration(telling).slope).toBeGreaterThan(1)
  expect(fitRecalibration(idle).slope).toBeLessThan(0.6)
})
