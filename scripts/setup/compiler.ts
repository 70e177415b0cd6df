import { join } from 'node:path'
import { compilerWheels } from '../../src-main/installation/index.ts'
import { run } from './command.mjs'
import { unpackWheel } from './python.ts'
import { say, SetupError } from './report.mjs'
import { makeOnce } from './staging.mjs'

/** zig builds for an old C library, so that the result runs on every Linux that libtensorflow's wheel runs on. */
const zigTargets: Partial<Record<string, string>> = {
  'linux-x64': 'x86_64-linux-gnu.2.27',
  'linux-arm64': 'aarch64-linux-gnu.2.27',
}

/**
 * The C++ compiler as the start of a command line: the one named in CRIBSHEET_CXX (`zig`: the one in the wheel), else the machine's,
 * else the wheel's.
 */
export async function provideCompiler(cache: string): Promise<string[]> {
  const named = process.env.CRIBSHEET_CXX
  if (named && named !== 'zig') return named.split(' ')
  for (const program of named === 'zig' ? [] : ['c++', 'g++', 'clang++']) {
    if (await compiles(program)) return [program]
  }
  return provideZig(cache)
}

async function compiles(program: string): Promise<boolean> {
  try {
    await run(program, ['--version'])
    return true
  } catch {
    return false
  }
}

async function provideZig(cache: string): Promise<string[]> {
  const name = `${process.platform}-${process.arch}`
  const wheel = compilerWheels[name]
  const target = zigTargets[name]
  if (!wheel || !target) {
    throw new SetupError(
      'no C++ compiler was found, and no ready-made one is known for this machine.',
      'Install one (Debian, Ubuntu: sudo apt-get install g++), then run the same command again.',
    )
  }
  say('set-up: this machine has no C++ compiler: taking the one in a Python wheel')
  const part = join(cache, `zig-${wheel.version}-${wheel.sha256.slice(0, 12)}`)
  await makeOnce(part, (staging) => unpackWheel(wheel, staging, ['ziglang'], 400))
  return [join(part, 'ziglang', 'zig'), 'c++', '-target', target]
}
