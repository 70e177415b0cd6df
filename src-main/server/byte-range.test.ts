import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRange } from './byte-range.ts'

it.each([
  [undefined, null],
  ['bytes=0-3', { first: 0, last: 3 }],
  ['bytes=4-', { first: 4, last: 9 }],
  ['bytes=-4', { first: 6, last: 9 }],
  ['bytes=-40', { first: 0, last: 9 }],
  ['bytes=4-400', { first: 4, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', null],
  ['bytes=0-1,4-5', null],
  ['bytes=-', null],
  ['lines=0-1', null],
])('%s of ten bytes is %o', (header, range) => {
  expect(parseRange(header, 10)).toEqual(range)
})

it('never leaves the file', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.option(fc.nat(30)), fc.option(fc.nat(30)), (size, from, to) => {
      const range = parseRange(`bytes=${from ?? ''}-${to ?? ''}`, size)
      if (range === null || range === 'unsatisfiable') return
      expect(range.first).toBeGreaterThanOrEqual(0)
      expect(range.first).toBeLessThanOrEqual(range.last)
      expect(range.last).toBeLessThan(size)
    }),
  )
})
