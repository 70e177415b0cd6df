import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolder } from './cache.mjs'

const home = homedir()

test.each([
  ['linux', {}, join(home, '.cache', 'cribsheet')],
  ['linux', { XDG_CACHE_HOME: '/caches' }, '/caches/cribsheet'],
  ['linux', { XDG_CACHE_HOME: '/caches', CRIBSHEET_CACHE: '/elsewhere' }, '/elsewhere'],
  ['darwin', {}, join(home, 'Library', 'Caches', 'cribsheet')],
  ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'cribsheet', 'cache')],
] as const)('the cache on %s with %o', (platform, environment, folder) => {
  expect(cacheFolder(environment, platform)).toBe(folder)
})
