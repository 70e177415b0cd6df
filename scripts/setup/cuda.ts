import { globSync, linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { cudaParts, type Wheel } from '../../src-main/installation/index.ts'
import { unpackWheel } from './python.ts'
import { SetupError } from './report.mjs'
import { makeOnce } from './staging.mjs'

/** A requirement of the wheel's METADATA: `Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"`. */
interface Requirement {
  project: string
  /** The version v must have v >= minimum and v < below. */
  minimum: string
  below: string
}

/** The parts of CUDA that a TensorFlow wheel asks for in its METADATA. */
export function cudaRequirements(metadata: string): Requirement[] {
  const pattern = /^Requires-Dist: (nvidia-[\w-]+)<([\d.]+),>=([\d.]+); extra == "and-cuda"$/gm
  return [...metadata.matchAll(pattern)].map(([, project = '', below = '', minimum = '']) => ({
    ...{ project, minimum, below },
  }))
}

/**
 * Lays NVIDIA's parts beside `tensorflow/`, whose libraries look for them in `$ORIGIN/../nvidia/<part>/lib`. They are 3 GB to download,
 * so each is a part of the cache until all are there: a set-up that is killed goes on where it was.
 */
export async function addCuda(cache: string, folder: string, metadata: string): Promise<void> {
  for (const { project } of cudaRequirements(metadata)) {
    const wheel = cudaParts.get(project)
    if (!wheel) throw new SetupError(`TensorFlow asks for ${project}, which is not pinned.`, 'Please report this.')
    const part = partOf(cache, wheel)
    await makeOnce(part, (staging) => unpackWheel(wheel, staging, ['nvidia'], 3 * wheel.megabytes))
    linkFiles(part, folder)
  }
  linkSolver(folder)
}

/** The files live on in the libtensorflow that they were linked into. */
export function removeCudaParts(cache: string): void {
  for (const wheel of cudaParts.values()) rmSync(partOf(cache, wheel), { recursive: true, force: true })
}

function partOf(cache: string, { project, version, sha256 }: Wheel): string {
  return join(cache, `${project}-${version}-${sha256.slice(0, 12)}`)
}

function linkFiles(from: string, to: string): void {
  const files = globSync('**/*', { cwd: from, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== '__init__.py', // which several parts have
  )
  for (const { parentPath, name } of files) {
    const target = join(to, relative(from, parentPath), name)
    mkdirSync(dirname(target), { recursive: true })
    linkSync(join(parentPath, name), target)
  }
}

/**
 * libtensorflow_framework.so.2 loads cuSOLVER, but its RUNPATH does not name cuSOLVER's folder (only libtensorflow_cc.so.2's does): without
 * this link TensorFlow would not use the GPU.
 */
function linkSolver(folder: string): void {
  const library = 'libcusolver.so.11'
  symlinkSync(join('..', '..', 'cusolver', 'lib', library), join(folder, 'nvidia', 'cublas', 'lib', library))
}
