import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findBasins, forEachNeighbour } from './basins.ts'

const hills = fc
  .record({ width: fc.integer({ min: 1, max: 10 }), height: fc.integer({ min: 1, max: 10 }) })
  .chain(({ width, height }) => {
    const length = { minLength: width * height, maxLength: width * height }
    return fc.record({
      width: fc.constant(width),
      heights: fc.array(fc.integer({ min: 0, max: 20 }), length).map((values) => Float64Array.from(values)),
      inside: fc.array(fc.constantFrom(0, 1, 1), length).map((values) => Uint8Array.from(values)),
    })
  })

test('every pixel of the mask is in one basin, and each basin is connected', () => {
  fc.assert(
    fc.property(hills, fc.integer({ min: 0, max: 5 }), ({ width, heights, inside }, prominence) => {
      const { labels, count } = findBasins(heights, inside, width, () => prominence)
      expect(labels.map((label) => (label >= 0 ? 1 : 0))).toEqual(Int32Array.from(inside))
      expect(new Set(labels.filter((label) => label >= 0)).size).toBe(count)
      for (let basin = 0; basin < count; basin++) expect(reached(labels, basin, width)).toBe(countOf(labels, basin))
    }),
  )
})

test('a hill that rises little above the pass to a higher one is part of it', () => {
  const heights = Float64Array.of(1, 5, 3, 4, 1, 6)
  const inside = new Uint8Array(6).fill(1)
  const basinsAt = (prominence: number) => [...findBasins(heights, inside, 6, () => prominence).labels]
  expect(basinsAt(0.5)).toEqual([0, 0, 0, 1, 2, 2])
  expect(basinsAt(2)).toEqual([0, 0, 0, 0, 1, 1])
  expect(basinsAt(9)).toEqual([0, 0, 0, 0, 0, 0])
})

function countOf(labels: Int32Array, basin: number): number {
  return labels.reduce((sum, label) => sum + (label === basin ? 1 : 0), 0)
}

/** How many pixels of a basin can be reached from its first. */
function reached(labels: Int32Array, basin: number, width: number): number {
  const seen = new Set([labels.indexOf(basin)])
  for (const i of seen)
    forEachNeighbour(i, width, labels.length, (j) => {
      if (labels[j] === basin) seen.add(j)
    })
  return seen.size
}
