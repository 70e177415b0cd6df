import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { addonFolder, readAddonRecord } from '../../src-main/installation/index.ts'
import type { AddonRecord } from '../../src-main/installation/index.ts'
import { run } from './command.mjs'
import { provideCompiler } from './compiler.ts'
import type { Libtensorflow } from './libtensorflow.ts'
import { SetupError, showProgress } from './report.mjs'
import { makeOnce } from './staging.mjs'

const tfjs = '@tensorflow/tfjs-node-gpu'
const require = createRequire(import.meta.url)
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`))
const versionOf = (name: string) => (require(`${name}/package.json`) as { version: string }).version

const flags = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared'],
  ...['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
]

/**
 * Puts the addon of tfjs-node-gpu into node_modules, built against that libtensorflow. It is built once and kept in the cache, under
 * a key of everything that goes into it.
 */
export async function provideAddon(cache: string, libtensorflow: Libtensorflow): Promise<void> {
  const key = addonKey(libtensorflow)
  if (readAddonRecord()?.key === key) return
  const part = join(cache, `addon-${key}`)
  await makeOnce(part, async (staging) => {
    const compiler = await provideCompiler(cache)
    const file = join(staging, 'tfjs_binding.node')
    await build(compiler, libtensorflow, file)
    await requireLoads(file, libtensorflow)
    const record: AddonRecord = {
      key,
      kind: libtensorflow.kind,
      folder: libtensorflow.folder,
      compiler: compiler.join(' '),
    }
    writeFileSync(join(staging, 'tfjs_binding.json'), JSON.stringify(record, null, 2))
  })
  putInPlace(part)
}

/** The addon names libtensorflow by its path, so the path is part of the key; an own library may change where it lies. */
function addonKey(libtensorflow: Libtensorflow): string {
  const { kind, folder, libraries } = libtensorflow
  const stamp = (name: string) => {
    const { size, mtimeMs } = statSync(join(folder, name))
    return [name, size, mtimeMs]
  }
  const parts = [
    libtensorflow,
    kind === 'own' ? libraries.map(stamp) : [],
    versionOf(tfjs),
    versionOf('node-api-headers'),
    flags,
  ]
  const system = [process.platform, process.arch, systemLibrary()]
  return createHash('sha256')
    .update(JSON.stringify([parts, system]))
    .digest('hex')
    .slice(0, 12)
}

/** The version of the C library: what is built on one may not load on an older one. */
function systemLibrary(): string {
  Object.assign(process.report, { excludeNetwork: true }) // else it asks for the names of all network interfaces
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime ?? 'unknown'
}

async function build(compiler: string[], libtensorflow: Libtensorflow, file: string): Promise<void> {
  const [program = '', ...first] = compiler
  const source = folderOf(tfjs)
  const includes = [join(folderOf('node-api-headers'), 'include'), dirname(source), libtensorflow.include]
  const args = [
    ...[...first, ...flags, ...includes.map((folder) => `-I${folder}`)],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(source, 'binding', name)),
    ...libtensorflow.libraries.map((name) => join(libtensorflow.folder, name)),
    ...[`-Wl,-rpath,${libtensorflow.folder}`, '-Wl,--allow-shlib-undefined', '-o', file],
  ]
  const zigCache = `${file}.cache`
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: zigCache, ZIG_LOCAL_CACHE_DIR: zigCache }
  try {
    await showProgress(`building the TensorFlow addon (${compiler.join(' ')})`, () => run(program, args, { env }))
    rmSync(zigCache, { recursive: true, force: true })
  } catch (cause) {
    throw new SetupError(
      'the TensorFlow addon could not be built.',
      `${cause instanceof Error ? cause.message : String(cause)}\n\nCRIBSHEET_CXX=zig takes the compiler of a Python wheel instead of this machine's.`,
      { cause },
    )
  }
}

/** In a process of its own: a library that does not fit may end it. */
async function requireLoads(file: string, libtensorflow: Libtensorflow): Promise<void> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  try {
    await run(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', file], { env })
  } catch (cause) {
    throw new SetupError(
      `the TensorFlow addon was built, but does not load with the libtensorflow in ${libtensorflow.folder}.`,
      cause instanceof Error ? cause.message : String(cause),
      { cause },
    )
  }
}

/** The record goes first and comes last: where it is, its addon is. Renamed, as a running Cribsheet may have the old addon open. */
function putInPlace(part: string): void {
  const folder = addonFolder()
  mkdirSync(folder, { recursive: true })
  rmSync(join(folder, 'tfjs_binding.json'), { force: true })
  for (const name of ['tfjs_binding.node', 'tfjs_binding.json']) {
    const temporary = join(folder, `${name}.${process.pid}`)
    copyFileSync(join(part, name), temporary)
    renameSync(temporary, join(folder, name))
  }
}
