import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyColour } from './colour.ts'
import { classColours, colourBins } from './colour-histograms.ts'
import { explainedByColour } from './explained-by-colour.ts'
import { anyMaps, sumsOf } from './maps-for-tests.ts'

const settings = { rounds: 2, strength: 0.5, prior: 0.5 }

const mapsAndColours = anyMaps().chain((maps) => {
  const length = maps.columns * maps.rows
  return fc.record({
    maps: fc.constant({ ...maps, values: maps.values.map((value) => Math.max(1e-6, value)) }),
    colours: fc
      .array(fc.constantFrom(0, 1, 17, 300, 4095), { minLength: length, maxLength: length })
      .map((bins) => Uint16Array.from(bins)),
  })
})

/** Step 7 written as in its description, bin by bin from the whole (16, 16, 16) histogram; what colour explains has a test of its own. */
function byDefinition(maps: { classes: number; values: Float32Array }, colours: Uint16Array): number[] {
  const pixels = colours.length
  const before = Array.from(maps.values)
  let after = before
  for (let round = 0; round < settings.rounds; round++) {
    const planes = Array.from({ length: maps.classes }, (_, c) => after.slice(c * pixels, (c + 1) * pixels))
    const means = planes.map((plane) => plane.reduce((sum, p) => sum + p, 0) / pixels)
    const blurred = planes.map((plane) => (bin: number) => {
      let sum = 0
      for (let i = 0; i < pixels; i++) sum += plane[i] * blurWeight(bin, colours[i])
      return sum
    })
    const colouredPixels = { classes: maps.classes, values: Float32Array.from(after), colours, share: 1 }
    const exponent = 0.5 * explainedByColour(colouredPixels, classColours(colouredPixels))
    after = before.map((u, at) => {
      const c = Math.floor(at / pixels)
      const bin = colours[at % pixels]
      const total = blurred.reduce((sum, h) => sum + h(bin), 0.5)
      const g = (blurred[c](bin) + 0.5 * means[c]) / total
      return Math.max(u, 1e-4) * Math.max(g / Math.max(means[c], 1e-4), 1e-3) ** exponent
    })
    const sums = Array.from({ length: pixels }, (_, i) =>
      planes.reduce((sum, _plane, c) => sum + after[c * pixels + i], 0),
    )
    after = after.map((value, at) => value / sums[at % pixels])
  }
  return after
}

/** How much of what lies in bin `from` the blur brings to `bin`: the product over the axes of [.25 .5 .25], edges repeated. */
function blurWeight(bin: number, from: number): number {
  return [8, 4, 0]
    .map((shift) => {
      const here = (bin >> shift) & 15
      const there = (from >> shift) & 15
      const taps = [Math.max(0, here - 1), here, Math.min(15, here + 1)]
      return taps.reduce((sum, tap, k) => sum + (tap === there ? [0.25, 0.5, 0.25][k] : 0), 0)
    })
    .reduce((product, weight) => product * weight, 1)
}

test('the colour model is that of its description', () => {
  fc.assert(
    fc.property(mapsAndColours, ({ maps, colours }) => {
      const result = applyColour(maps, colours, settings)
      byDefinition(maps, colours).forEach((value, at) => expect(result.values[at]).toBeCloseTo(value, 5))
    }),
    { numRuns: 50 },
  )
})

test('the classes of a pixel sum to one', () => {
  fc.assert(
    fc.property(mapsAndColours, ({ maps, colours }) => {
      for (const sum of sumsOf(applyColour(maps, colours, settings))) expect(sum).toBeCloseTo(1, 5)
    }),
  )
})

test('a large image is fitted on a part of it, which tells the same', () => {
  const tile = { columns: 300, rows: 200 }
  const quarter = Array.from({ length: 60_000 }, (_, i) => Math.abs(Math.sin(i * 12.9898)))
  const colourOf = (p: number) => (p > 0.6 ? 300 : 17)
  const doubled = (row: number[]) => row.flatMap((value) => [value, value])
  const rows = Array.from({ length: tile.rows }, (_, y) =>
    doubled(quarter.slice(y * tile.columns, (y + 1) * tile.columns)),
  )
  const large = rows.flatMap((row) => [...row, ...row])
  const mapsOf = (p: number[], columns: number, rows: number) => ({
    ...{ classes: 2, columns, rows },
    values: Float32Array.from([...p, ...p.map((value) => 1 - value)]),
  })
  const binsOf = (p: number[]) => Uint16Array.from(p, colourOf)
  const small = applyColour(mapsOf(quarter, 300, 200), binsOf(quarter), settings)
  const result = applyColour(mapsOf(large, 600, 400), binsOf(large), settings)
  for (let at = 0; at < 60_000; at += 97) {
    const [x, y] = [at % 300, Math.floor(at / 300)]
    expect(result.values[2 * y * 600 + 2 * x]).toBeCloseTo(small.values[at], 4)
  }
})

test('an image of one colour says nothing', () => {
  const maps = { classes: 2, columns: 2, rows: 1, values: Float32Array.of(0.9, 0.2, 0.1, 0.8) }
  const result = applyColour(maps, new Uint16Array(2), settings)
  result.values.forEach((value, at) => expect(value).toBeCloseTo(maps.values[at], 5))
})

test('a pixel that the tokens leave open goes with its colour', () => {
  const green = [30, 160, 40]
  const brown = [120, 70, 30]
  const rgb = Uint8Array.from([green, green, green, brown, brown, brown].flat())
  const maps = {
    classes: 2,
    columns: 6,
    rows: 1,
    values: Float32Array.of(0.9, 0.9, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.5, 0.5, 0.9, 0.9),
  }
  const { values } = applyColour(maps, colourBins(rgb), settings)
  expect(values[2]).toBeGreaterThan(0.5)
  expect(values[3]).toBeLessThan(0.5)
})
