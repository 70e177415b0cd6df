import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { provideLibtensorflow } from './libtensorflow.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cribsheet-libtensorflow-'))))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function lay(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
}

describe('an own libtensorflow', () => {
  const headers = ['include/tensorflow/c/c_api.h', 'include/tensorflow/c/eager/c_api.h']
  beforeEach(() => vi.stubEnv('CRIBSHEET_LIBTENSORFLOW', folder))

  test('may lie as in the official archive', async () => {
    lay('lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2', ...headers)
    expect(await provideLibtensorflow('no cache')).toEqual({
      kind: 'own',
      folder: join(folder, 'lib'),
      libraries: ['libtensorflow.so.2', 'libtensorflow_framework.so.2'],
      include: join(folder, 'include'),
    })
  })

  test('may lie as in a Python environment', async () => {
    lay('libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', ...headers)
    expect((await provideLibtensorflow('no cache')).libraries).toEqual([
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ])
  })

  test.each([
    ['lib/libtensorflow.so.2', ['lib/libtensorflow_framework.so.2', ...headers]],
    ['lib/libtensorflow_framework.so.2', ['lib/libtensorflow.so.2', ...headers]],
    ['include/tensorflow/c/eager/c_api.h', ['lib/libtensorflow.so.2', 'lib/libtensorflow_framework.so.2', headers[0]]],
  ])('without %s is refused by name', async (missing, there) => {
    lay(...there)
    await expect(provideLibtensorflow('no cache')).rejects.toMatchObject({
      message: `${folder} is not a libtensorflow: missing ${join(folder, missing)}.`,
      advice: expect.stringContaining('CRIBSHEET_LIBTENSORFLOW') as string,
    })
  })
})

test('a device that is none is named', async () => {
  vi.stubEnv('CRIBSHEET_LIBTENSORFLOW', undefined)
  vi.stubEnv('CRIBSHEET_DEVICE', 'tpu')
  await expect(provideLibtensorflow(folder)).rejects.toThrow('CRIBSHEET_DEVICE is tpu')
})
