import { expect, it } from 'vitest'
import { folderArgument } from './folder-argument.ts'

const packaged = { cwd: '/home/me', appPath: null }
const checkout = { cwd: '/home/me', appPath: '/src/cribsheet' }

it.each([
  [['cribsheet', 'photos'], packaged, '/home/me/photos'],
  [['cribsheet', '/data/photos'], packaged, '/data/photos'],
  [['cribsheet', '--no-sandbox', 'photos'], packaged, '/home/me/photos'],
  [['cribsheet', '--open=photos'], packaged, '/home/me/photos'],
  [['cribsheet'], packaged, null],
  [['cribsheet', '--open='], packaged, null],
  [['electron', '/src/cribsheet'], checkout, null],
  [['electron', '-r', 'first.js', '/src/cribsheet', '--inspect', 'photos'], checkout, '/home/me/photos'],
])('%j', (argv, options, folder) => {
  expect(folderArgument(argv, options)).toBe(folder)
})
