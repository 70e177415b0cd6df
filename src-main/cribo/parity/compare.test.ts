import { expect, test } from 'vitest'
import { compare } from './compare.ts'

const close = { kind: 'absolute', maximum: 0.1, rms: 0.05 } as const

test('within both tolerances', () => {
  expect(compare([1, 2.06, 3], [1, 2, 3], close)).toMatchObject({ ok: true, tolerance: 0.1, rmsTolerance: 0.05 })
})

test.each([
  ['one element is too far off', [1, 2.2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['all are a little off', [1.06, 2.06, 3.06, 4.06, 5.06, 6.06, 7.06, 8.06, 9.06, 10.06]],
  ['one is not a number', [1, NaN, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['one is missing', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['there is one too many', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
])('fails where %s', (_, computed) => {
  expect(compare(computed, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], close).ok).toBe(false)
})

test('exactly means exactly, but for elements that do not count', () => {
  expect(compare([1, 2], [1, 2], { kind: 'exact' }).ok).toBe(true)
  expect(compare([1, 3], [1, 2], { kind: 'exact' })).toMatchObject({ ok: false, largestError: 1 })
  expect(compare([1, 3], [1, 2], { kind: 'exact' }, (i) => i !== 1).ok).toBe(true)
})
