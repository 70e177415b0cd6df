import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { currentNode, nodeForChild } from './current-node.mjs'

afterEach(() => vi.unstubAllEnvs())

it('runs children on this Node, but never on an Electron', () => {
  expect(nodeForChild(false)).toBe(process.execPath)
  expect(currentNode()).toBe(process.execPath)
  vi.stubEnv('CRIBSHEET_CACHE', join(import.meta.dirname, 'nowhere'))
  expect(nodeForChild(true)).toBeNull()
  vi.stubEnv('CRIBSHEET_NODE', join(import.meta.dirname, 'gone'))
  expect(nodeForChild(true)).toBeNull()
  vi.stubEnv('CRIBSHEET_NODE', process.execPath)
  expect(nodeForChild(true)).toBe(process.execPath)
})
