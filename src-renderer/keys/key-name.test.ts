import { expect, it } from 'vitest'
import { defaultKeys } from './default-keys.ts'
import { commandOf, conflicts, keyName } from './key-name.ts'

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

it.each([
  [{ key: 'z', ctrlKey: true }, 'Mod+Z', 'undo'],
  [{ key: 'Z', ctrlKey: true, shiftKey: true }, 'Mod+Shift+Z', 'redo'],
  [{ key: 'z', metaKey: true }, 'Mod+Z', 'undo'],
  [{ key: 'D', shiftKey: false }, 'D', 'next-image'],
  [{ key: '?', shiftKey: true }, '?', 'show-keys'],
  [{ key: 'Enter' }, 'Enter', 'finish-shape'],
  [{ key: '3' }, '3', 'class-3'],
  [{ key: 'q', altKey: true }, 'Alt+Q', null],
])('%o is %s: %s', (press, name, command) => {
  expect(keyName({ ...plain, ...press })).toBe(name)
  expect(commandOf(name, defaultKeys)).toBe(command)
})

it('means a screen’s own command there, and another elsewhere', () => {
  expect(commandOf('Enter', defaultKeys, 'review')).toBe('accept-proposal')
  expect(commandOf('Enter', defaultKeys, 'label')).toBe('finish-shape')
  expect(commandOf('X', defaultKeys, 'label')).toBeNull()
  expect(commandOf('Mod+Z', defaultKeys, 'review')).toBe('undo')
})

it('gives no key to two commands', () => {
  expect(conflicts(defaultKeys)).toEqual([])
  expect(conflicts({ ...defaultKeys, undo: ['D'] })).toEqual([{ key: 'D', commands: ['next-image', 'undo'] }])
  expect(conflicts({ ...defaultKeys, 'accept-proposal': ['X'] })).toHaveLength(1)
})
