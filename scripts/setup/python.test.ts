import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Wheel } from '../../src-main/installation/index.ts'
import { findPython, unpackWheel } from './python.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cribsheet-python-'))))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A wheel of three files in a folder that pip takes for its index. */
function serveWheel(): Wheel {
  const index = join(folder, 'index')
  mkdirSync(index)
  const file = join(index, 'standin-1.0-py3-none-any.whl')
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('standin/libstandin.so', 'library')
    wheel.writestr('standin/python.py', 'code')
    wheel.writestr('standin-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: standin\\nVersion: 1.0\\n')
    wheel.writestr('standin-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr('standin-1.0.dist-info/RECORD', '')
`
  execFileSync('python3', ['-c', script, file])
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', index)
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  return { project: 'standin', version: '1.0', sha256, megabytes: 1, platforms: ['manylinux2014_x86_64'] }
}

test('unpacks of a wheel only what is asked for, and keeps no download', async () => {
  const wheel = serveWheel()
  const target = join(folder, 'target')
  mkdirSync(target)
  await unpackWheel(wheel, target, ['standin/lib', 'standin-1.0.dist-info/METADATA'], 1)
  expect(readdirSync(target, { recursive: true }).sort()).toEqual([
    'standin',
    'standin-1.0.dist-info',
    'standin-1.0.dist-info/METADATA',
    'standin/libstandin.so',
  ])
})

test('unpacks nothing of a wheel that is not the pinned one', async () => {
  const wheel = { ...serveWheel(), sha256: '0'.repeat(64) }
  const target = join(folder, 'target')
  mkdirSync(target)
  await expect(unpackWheel(wheel, target, ['standin/'], 1)).rejects.toThrow('not the file that was pinned')
  expect(readdirSync(target)).toEqual(['download'])
})

test('a machine without Python is told what to install', async () => {
  vi.stubEnv('PATH', folder)
  vi.stubEnv('CRIBSHEET_PYTHON', undefined)
  await expect(findPython()).rejects.toMatchObject({
    message: expect.stringContaining('Python 3 (3.9 or newer) was not found') as string,
    advice: expect.stringContaining('sudo apt-get install python3 python3-pip') as string,
  })
})

test('a Python without pip is told what to install', async () => {
  const python = join(folder, 'python3')
  writeFileSync(python, '#!/bin/sh\n[ "$1" = -c ]\n')
  chmodSync(python, 0o755)
  vi.stubEnv('CRIBSHEET_PYTHON', python)
  await expect(findPython()).rejects.toMatchObject({
    advice: expect.stringContaining('sudo apt-get install python3-pip') as string,
  })
})

test('a CRIBSHEET_PYTHON that is none is named', async () => {
  vi.stubEnv('CRIBSHEET_PYTHON', '/nowhere/python')
  await expect(findPython()).rejects.toThrow(
    'CRIBSHEET_PYTHON names no Python of version 3.9 or newer: /nowhere/python',
  )
})
