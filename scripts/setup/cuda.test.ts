import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cacheFolder, cudaParts } from '../../src-main/installation/index.ts'
import { addCuda, cudaRequirements, removeCudaParts } from './cuda.ts'

describe("the parts of CUDA in a wheel's METADATA", () => {
  test('are the nvidia-* ones of the extra and-cuda', () => {
    const metadata = [
      'Requires-Dist: numpy>=1.26.0',
      'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
      'Requires-Dist: nvidia-other<2.0,>=1.0; extra == "something-else"',
    ].join('\n')
    expect(cudaRequirements(metadata)).toEqual([{ project: 'nvidia-cudnn-cu12', minimum: '9.3.0.75', below: '10.0' }])
  })

  // The CPU wheel names the same parts, and is what set-up brought to this machine.
  const metadata = globSync(join(cacheFolder(), 'libtensorflow-*', '*.dist-info', 'METADATA'))[0]
  test.skipIf(!metadata || !existsSync(metadata))('are all pinned, each in the range that it asks for', () => {
    const requirements = cudaRequirements(readFileSync(metadata, 'utf8'))
    expect(requirements.map(({ project }) => project).sort()).toEqual([...cudaParts.keys()].sort())
    for (const { project, minimum, below } of requirements) {
      const version = cudaParts.get(project)?.version ?? ''
      expect(compareVersions(version, minimum), project).toBeGreaterThanOrEqual(0)
      expect(compareVersions(version, below), project).toBeLessThan(0)
    }
  })
})

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0))
  return at < 0 ? 0 : left[at] - (right[at] ?? 0)
}

test('the parts are laid beside TensorFlow, where its libraries look for them', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'cribsheet-cuda-'))
  // Stand-ins of the parts, as if a set-up that was killed had got so far.
  for (const { project, version, sha256 } of cudaParts.values()) {
    const name = project.replace(/^nvidia-(.*)-cu12$/, '$1').replaceAll('-', '_')
    const part = join(cache, `${project}-${version}-${sha256.slice(0, 12)}`)
    mkdirSync(join(part, 'nvidia', name, 'lib'), { recursive: true })
    writeFileSync(join(part, 'nvidia', '__init__.py'), '')
    writeFileSync(join(part, 'nvidia', name, 'lib', `lib${name}.so.11`), project)
  }
  const metadata = [...cudaParts.keys()]
    .map((part) => `Requires-Dist: ${part}<99.0,>=1.0; extra == "and-cuda"`)
    .join('\n')
  const folder = join(cache, 'libtensorflow')
  await addCuda(cache, folder, metadata)
  removeCudaParts(cache)
  expect(readdirSync(cache).sort()).toEqual(['libtensorflow'])
  expect(readdirSync(join(folder, 'nvidia'))).toHaveLength(cudaParts.size)
  expect(readFileSync(join(folder, 'nvidia', 'cudnn', 'lib', 'libcudnn.so.11'), 'utf8')).toBe('nvidia-cudnn-cu12')
  expect(realpathSync(join(folder, 'nvidia', 'cublas', 'lib', 'libcusolver.so.11'))).toBe(
    realpathSync(join(folder, 'nvidia', 'cusolver', 'lib', 'libcusolver.so.11')),
  )
  rmSync(cache, { recursive: true })
})
