import { expect, it } from 'vitest'
import { factOf } from './facts.ts'

it.each([
  ['allClasses', true, { name: 'all classes', value: 'yes' }],
  ['classes', ['beetle', 'leaf'], { name: 'classes', value: 'beetle, leaf' }],
  ['acceptAbove', null, null],
  ['coarse', false, null],
  ['images', [], null],
  ['undone', { removed: 1200, kept: 2 }, { name: 'undone', value: 'removed 1,200, kept 2' }],
  ['mode', 'replace', { name: 'mode', value: 'replace' }],
])('%s: %o', (name, value, fact) => {
  expect(factOf(name, value)).toEqual(fact)
})
