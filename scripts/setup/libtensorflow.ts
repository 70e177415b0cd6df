import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cudaLibtensorflow, libtensorflowWheels } from '../../src-main/installation/index.ts'
import { addCuda, removeCudaParts } from './cuda.ts'
import { hasNvidiaDriver } from './nvidia.ts'
import { unpackWheel } from './python.ts'
import { SetupError } from './report.mjs'
import { makeOnce } from './staging.mjs'

export interface Libtensorflow {
  kind: 'cpu' | 'cuda' | 'own'
  /** The folder that the libraries lie in. */
  folder: string
  /** File names in it. */
  libraries: [string, string]
  include: string
}

const libraryPrefixes = [
  'tensorflow/libtensorflow',
  'tensorflow/THIRD_PARTY_NOTICES.txt',
  ...['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'].map(
    (part) => `tensorflow/include/${part}`,
  ),
]

/** The libtensorflow to build against: the one named in CRIBSHEET_LIBTENSORFLOW, else the wheel for this machine, in the cache. */
export async function provideLibtensorflow(cache: string): Promise<Libtensorflow> {
  const own = process.env.CRIBSHEET_LIBTENSORFLOW
  if (own) return inspectLibtensorflow(resolve(own), 'own')
  const kind = chooseKind()
  const name = `${process.platform}-${process.arch}`
  const chosen = kind === 'cuda' ? cudaLibtensorflow : libtensorflowWheels[name]
  if (!chosen) {
    throw new SetupError(
      `no libtensorflow is known for ${name}.`,
      'Name a folder with libtensorflow 2.x and its C headers in CRIBSHEET_LIBTENSORFLOW, then run the same command again.',
    )
  }
  const { wheel, megabytes } = chosen
  const part = join(cache, `libtensorflow-${wheel.version}-${kind}-${wheel.sha256.slice(0, 12)}`)
  await makeOnce(part, async (staging) => {
    const metadata = `${wheel.project.replaceAll('-', '_')}-${wheel.version}.dist-info/METADATA`
    await unpackWheel(wheel, staging, [...libraryPrefixes, metadata], megabytes)
    if (kind === 'cuda') await addCuda(cache, staging, readFileSync(join(staging, metadata), 'utf8'))
  })
  if (kind === 'cuda') removeCudaParts(cache)
  return inspectLibtensorflow(join(part, 'tensorflow'), kind)
}

/** CUDA where there is an NVIDIA driver, unless CRIBSHEET_DEVICE says cpu. */
function chooseKind(): 'cpu' | 'cuda' {
  const wanted = process.env.CRIBSHEET_DEVICE ?? 'auto'
  if (!['auto', 'cpu', 'cuda'].includes(wanted)) {
    throw new SetupError(`CRIBSHEET_DEVICE is ${wanted}, which is no device.`, 'Say cpu, cuda or auto.')
  }
  if (wanted !== 'auto') return wanted === 'cuda' ? 'cuda' : 'cpu'
  return process.platform === 'linux' && process.arch === 'x64' && hasNvidiaDriver() ? 'cuda' : 'cpu'
}

/** @throws SetupError that names what is missing in the folder. */
function inspectLibtensorflow(root: string, kind: Libtensorflow['kind']): Libtensorflow {
  const folder = existsSync(join(root, 'lib')) ? join(root, 'lib') : root
  const include = join(root, 'include')
  const find = (names: string[]) => names.find((name) => existsSync(join(folder, name)))
  const library = find(['libtensorflow_cc.so.2', 'libtensorflow.so.2', 'libtensorflow.so'])
  const framework = find(['libtensorflow_framework.so.2', 'libtensorflow_framework.so'])
  const headers = ['c_api.h', 'eager/c_api.h'].map((header) => join(include, 'tensorflow', 'c', header))
  const missing = [
    ...(library ? [] : [join(folder, 'libtensorflow.so.2')]),
    ...(framework ? [] : [join(folder, 'libtensorflow_framework.so.2')]),
    ...headers.filter((header) => !existsSync(header)),
  ]
  if (!library || !framework || missing.length > 0) {
    throw new SetupError(
      `${root} is not a libtensorflow: missing ${missing.join(', ')}.`,
      kind === 'own'
        ? 'Name in CRIBSHEET_LIBTENSORFLOW a folder with lib/ and include/ of libtensorflow 2.x, or unset it.'
        : `Remove ${root}, then run the same command again.`,
    )
  }
  return { kind, folder, libraries: [library, framework], include }
}
