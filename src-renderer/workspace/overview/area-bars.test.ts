import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areaBars, areaRange } from './area-bars.ts'

test('one range for all classes, a bar for each bin of it, in parts of the tallest', () => {
  const beetles = [
    { exponent: 5, accepted: 3, drafts: 1 },
    { exponent: 7, accepted: 0, drafts: 2 },
  ]
  const leaves = { areas: [{ exponent: 14, accepted: 1, drafts: 0 }] }
  const range = areaRange([{ areas: beetles }, leaves, { areas: [] }])
  expect(range).toEqual({ first: 5, last: 14 })
  expect(areaBars(beetles, { first: 5, last: 8 })).toEqual([
    { exponent: 5, accepted: 0.75, drafts: 0.25 },
    { exponent: 6, accepted: 0, drafts: 0 },
    { exponent: 7, accepted: 0, drafts: 0.5 },
    { exponent: 8, accepted: 0, drafts: 0 },
  ])
  expect(areaRange([{ areas: [] }])).toBeNull()
  expect(areaRange([leaves])).toEqual({ first: 10, last: 18 })
  expect(areaRange([{ areas: [{ exponent: 1, accepted: 1, drafts: 0 }] }])).toEqual({ first: 0, last: 8 })
})

test('the tallest bar is 1, whatever the counts', () => {
  const bin = fc.record({ exponent: fc.nat(30), accepted: fc.nat(1e6), drafts: fc.integer({ min: 1, max: 1e6 }) })
  const anyAreas = fc.uniqueArray(bin, { selector: ({ exponent }) => exponent, minLength: 1 })
  fc.assert(
    fc.property(anyAreas, (areas) => {
      const range = areaRange([{ areas }])
      if (!range) throw new Error('There are areas.')
      const heights = areaBars(areas, range).map(({ accepted, drafts }) => accepted + drafts)
      expect(Math.max(...heights)).toBeCloseTo(1, 9)
    }),
  )
})
