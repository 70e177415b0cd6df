import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoxMean, reflected } from './box-mean.ts'
import { guidedFilter } from './guided-filter.ts'
import { anyMaps, sumsOf } from './maps-for-tests.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

/** The mean over the box of f(pixel index), by looking at every pixel of it. */
function meanByDefinition(maps: { columns: number; rows: number }, radius: number, f: (i: number) => number): number[] {
  return Array.from({ length: maps.columns * maps.rows }, (_, i) => {
    const x = i % maps.columns
    const y = Math.floor(i / maps.columns)
    let sum = 0
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        sum += f(reflected(y + dy, maps.rows) * maps.columns + reflected(x + dx, maps.columns))
      }
    }
    return sum / (2 * radius + 1) ** 2
  })
}

/** The guided filter written as in the paper: one linear system a pixel, solved by elimination. */
function filterByDefinition(
  maps: ProbabilityMaps,
  rgb: Uint8Array,
  radius: number,
  epsilon: number,
  c: number,
): number[] {
  const pixels = maps.columns * maps.rows
  const guide = [0, 1, 2].map((k) => Array.from({ length: pixels }, (_, i) => rgb[3 * i + k] / 255))
  const p = Array.from(maps.values.subarray(c * pixels, (c + 1) * pixels))
  const mean = (f: (i: number) => number) => meanByDefinition(maps, radius, f)
  const meanGuide = guide.map((channel) => mean((i) => channel[i]))
  const meanP = mean((i) => p[i])
  const covariance = guide.map((channel) => mean((i) => channel[i] * p[i]))
  const products = guide.map((one) => guide.map((other) => mean((i) => one[i] * other[i])))
  const coefficients = Array.from({ length: pixels }, (_, i) => {
    const matrix = guide.map((_channel, j) => [
      ...guide.map((_other, k) => products[j][k][i] - meanGuide[j][i] * meanGuide[k][i] + (j === k ? epsilon : 0)),
      covariance[j][i] - meanGuide[j][i] * meanP[i],
    ])
    return solve(matrix)
  })
  const offset = coefficients.map((a, i) => meanP[i] - a.reduce((sum, value, k) => sum + value * meanGuide[k][i], 0))
  const meanA = [0, 1, 2].map((k) => mean((i) => coefficients[i][k]))
  const meanB = mean((i) => offset[i])
  return p.map((_, i) => {
    const q = meanA.reduce((sum, a, k) => sum + a[i] * guide[k][i], meanB[i])
    return Math.min(1, Math.max(0, q))
  })
}

/** Gauss-Jordan elimination of a positive definite system given as rows [matrix | right-hand side]. */
function solve(rows: number[][]): number[] {
  rows.forEach((pivot, k) => {
    const scale = pivot[k]
    for (let j = 0; j < pivot.length; j++) pivot[j] /= scale
    rows.forEach((row, r) => {
      const factor = row[k]
      if (r !== k) for (let j = 0; j < row.length; j++) row[j] -= factor * pivot[j]
    })
  })
  return rows.map((row) => row[row.length - 1])
}

const mapsAndGuide = anyMaps().chain((maps) =>
  fc.record({
    maps: fc.constant(maps),
    rgb: fc.uint8Array({ minLength: 3 * maps.columns * maps.rows, maxLength: 3 * maps.columns * maps.rows }),
    radius: fc.integer({ min: 1, max: 7 }),
  }),
)

test('a reflected border does not repeat the edge, however small the image', () => {
  expect([-3, -2, -1, 0, 1, 2, 3, 4, 5].map((i) => reflected(i, 3))).toEqual([1, 2, 1, 0, 1, 2, 1, 0, 1])
  expect([-2, 0, 5].map((i) => reflected(i, 1))).toEqual([0, 0, 0])
})

test('running sums give the mean over the box', () => {
  fc.assert(
    fc.property(mapsAndGuide, ({ maps, radius }) => {
      const plane = maps.values.slice(0, maps.columns * maps.rows)
      const box = new BoxMean(maps.columns, maps.rows, radius)
      const expected = meanByDefinition(maps, radius, (i) => plane[i])
      box
        .apply(plane, null, new Float32Array(plane.length))
        .forEach((mean, i) => expect(mean).toBeCloseTo(expected[i], 6))
      const squares = meanByDefinition(maps, radius, (i) => plane[i] ** 2)
      box
        .apply(plane, plane, new Float32Array(plane.length))
        .forEach((mean, i) => expect(mean).toBeCloseTo(squares[i], 6))
    }),
  )
})

test('every class is filtered as in the paper', () => {
  fc.assert(
    fc.property(mapsAndGuide, ({ maps, rgb, radius }) => {
      const pixels = maps.columns * maps.rows
      const filtered = guidedFilter(maps, rgb, { radius, epsilon: 1e-3, shrink: 1 })
      for (let c = 0; c < maps.classes; c++) {
        const expected = filterByDefinition(maps, rgb, radius, 1e-3, c)
        expected.forEach((value, i) => expect(filtered.values[c * pixels + i]).toBeCloseTo(value, 3))
      }
    }),
    { numRuns: 40 },
  )
})

test('constant probabilities stay as they are, whatever the image', () => {
  fc.assert(
    fc.property(mapsAndGuide, fc.float({ min: 0, max: 1, noNaN: true }), ({ maps, rgb, radius }, share) => {
      const pixels = maps.columns * maps.rows
      const constant = {
        ...maps,
        classes: 2,
        values: new Float32Array(2 * pixels).fill(share, 0, pixels).fill(1 - share, pixels),
      }
      const filtered = guidedFilter(constant, rgb, { radius, epsilon: 1e-3, shrink: 1 })
      filtered.values.forEach((value, at) => expect(value).toBeCloseTo(constant.values[at], 5))
    }),
  )
})

test('over a flat image it is a mean over the box, twice', () => {
  fc.assert(
    fc.property(anyMaps(), (maps) => {
      const pixels = maps.columns * maps.rows
      const filtered = guidedFilter(maps, new Uint8Array(3 * pixels).fill(90), { radius: 2, epsilon: 1e-3, shrink: 1 })
      const once = meanByDefinition(maps, 2, (i) => maps.values[i])
      const twice = meanByDefinition(maps, 2, (i) => once[i])
      twice.forEach((mean, i) => expect(filtered.values[i]).toBeCloseTo(mean, 5))
      for (const sum of sumsOf(filtered)) expect(sum).toBeCloseTo(1, 4)
    }),
  )
})
