import { expect, it } from 'vitest'
import { parseAttribute } from './attribute-value.ts'

it.each([
  ['true', true],
  [' false ', false],
  ['12', 12],
  ['-3.5', -3.5],
  ['007', '007'],
  ['1e999', '1e999'],
  ['Infinity', 'Infinity'],
  ['', ''],
  ['partly hidden', 'partly hidden'],
])('%o is %o', (written, value) => {
  expect(parseAttribute(written)).toBe(value)
})
