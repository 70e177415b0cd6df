import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isClearlyBetter, type Measured } from './clearly-better.ts'

const measured = (...samples: number[]): Measured => ({
  figure: samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
  samples,
})

test('a gain in one image that the others do not share is chance', () => {
  const start = measured(0.5, 0.6, 0.4, 0.5)
  expect(isClearlyBetter(measured(0.52, 0.63, 0.42, 0.53), start)).toBe(true)
  expect(isClearlyBetter(measured(0.48, 0.59, 0.39, 0.62), start)).toBe(false)
})

test('the same images are compared: that one is harder than another does not hide a gain', () => {
  expect(isClearlyBetter(measured(0.12, 0.92, 0.52), measured(0.1, 0.9, 0.5))).toBe(true)
})

test('two samples must both be better; one has no standard error', () => {
  expect(isClearlyBetter(measured(0.6, 0.5), measured(0.4, 0.51))).toBe(false)
  expect(isClearlyBetter(measured(0.6, 0.52), measured(0.4, 0.51))).toBe(true)
  expect(isClearlyBetter(measured(0.41), measured(0.4))).toBe(true)
})

test('without a figure, or where other samples were measured than at the start, nothing but the figures counts', () => {
  expect(isClearlyBetter({ figure: null, samples: [] }, measured(0.4))).toBe(false)
  expect(isClearlyBetter(measured(0.4), { figure: null, samples: [] })).toBe(false)
  expect(isClearlyBetter(measured(0.4, 0.7, 0.1), measured(0.3))).toBe(true)
})

test('never both ways, never the same one, and a gain of all samples alike always counts', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 16 }), (pairs) => {
      const [a, b] = [0, 1].map((side) => measured(...pairs.map((pair) => pair[side])))
      expect(isClearlyBetter(a, b) && isClearlyBetter(b, a)).toBe(false)
      expect(isClearlyBetter(a, a)).toBe(false)
      expect(isClearlyBetter(measured(...a.samples.map((sample) => sample + 0.125)), a)).toBe(true)
    }),
  )
})
