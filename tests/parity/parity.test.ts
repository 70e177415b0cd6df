import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runParity } from '../../src-main/cribo/index.ts'
import { readTensorFile, writeSafetensors } from '../../src-main/tensorflow/index.ts'

const FIXTURES = '../shared/fixtures'

describe.skipIf(!existsSync(FIXTURES))(`the authors' numbers (${FIXTURES}; skipped where missing)`, () => {
  test('ours agree within the tolerances of the manifests, op by op and captured', { timeout: 300_000 }, () => {
    const results = runParity(FIXTURES)
    expect(results.filter(({ ok }) => ok === false)).toEqual([])
    const compared = results.filter(({ ok }) => ok)
    for (const fixture of ['vit_tiny_random', 'clustering'])
      for (const mode of ['op by op', 'captured'])
        expect(compared.some((result) => result.fixture === fixture && result.mode === mode)).toBe(true)
    expect(compared.some(({ fixture }) => fixture === 'views')).toBe(true)
    expect(results.filter(({ fixture, ok }) => ok === null && /^(vit|clustering|views)/.test(fixture))).toEqual([])
  })

  test('files of torch.save hold what they must, and hostile ones are refused', () => {
    const results = runParity(join(FIXTURES, 'checkpoint'))
    expect(results.filter(({ ok }) => !ok)).toEqual([])
    expect(results.filter(({ name }) => name.startsWith('hostile/exec_')).length).toBeGreaterThan(5)
    expect(results.some(({ name }) => name.startsWith('mixed_legacy.pth'))).toBe(true)
  })

  test('a single wrong number is found', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cribsheet-parity-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    cpSync(join(FIXTURES, 'clustering'), folder, { recursive: true, mode: 0 })
    const file = join(folder, 'n49_k4.safetensors')
    const stored = readTensorFile(file)
    const centroids = stored.tensors.get('centroids_2')
    if (centroids) centroids.data[5] = Number(centroids.data[5]) + 1e-4
    rmSync(file)
    writeSafetensors(file, stored)
    const failed = runParity(folder).filter(({ ok }) => ok === false)
    expect(failed.map(({ name, mode }) => [name, mode])).toEqual([
      ['n49_k4/centroids_2', 'op by op'],
      ['n49_k4/centroids_2', 'captured'],
    ])
  })
})

test('a folder that is not there, and one without fixtures, are named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cribsheet-parity-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  expect(() => runParity(join(folder, 'nowhere'))).toThrow(expect.objectContaining({ code: 'folder-missing' }))
  expect(() => runParity(folder)).toThrow(expect.objectContaining({ code: 'folder-empty', file: folder }))
})
