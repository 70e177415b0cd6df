import { expect, test } from 'vitest'
import { blurHistogram, classColours, colourBins } from './colour-histograms.ts'

test('blurring spreads a colour to its neighbours and keeps the total', () => {
  const histogram = new Float64Array(4096)
  histogram[(5 << 8) | (6 << 4) | 7] = 64
  histogram[0] = 8
  blurHistogram(histogram)
  expect(histogram[(5 << 8) | (6 << 4) | 7]).toBe(8)
  expect(histogram[(4 << 8) | (6 << 4) | 7]).toBe(4)
  expect(histogram[(4 << 8) | (5 << 4) | 8]).toBe(1)
  expect(histogram[0]).toBe(8 * 0.75 ** 3)
  expect(histogram.reduce((sum, value) => sum + value, 0)).toBeCloseTo(72, 10)
})

test('alike colours share a bin, unlike ones do not', () => {
  const [grass, alike, bark] = colourBins(Uint8Array.of(30, 160, 40, 31, 161, 41, 120, 70, 30))
  expect(grass).toBe(alike)
  expect(grass).not.toBe(bark)
})

test('the colours of a class are those of the pixels that are likely it', () => {
  const here = (5 << 8) | (6 << 4) | 7
  const there = (9 << 8) | (3 << 4) | 2
  const { means, histograms } = classColours({
    ...{ classes: 2, share: 1, colours: Uint16Array.of(here, here, there, there) },
    values: Float32Array.of(1, 0.5, 0, 0.25, 0, 0.5, 1, 0.75),
  })
  expect(Array.from(means)).toEqual([1.75 / 4, 2.25 / 4])
  expect(histograms[0][here]).toBeCloseTo(1.5 / 8)
  expect(histograms[1][there]).toBeCloseTo(1.75 / 8)
  expect(histograms[1].reduce((sum, value) => sum + value, 0)).toBeCloseTo(2.25)
})
