import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { findPython } from './python.ts'
import { say, showProgress } from './report.mjs'
import { makeOnce } from './staging.mjs'

/**
 * A Python with pycocotools, safetensors and numpy, for the tests that compare with it: the one named in CRIBSHEET_TEST_PYTHON, else an environment
 * in the cache. Null, and said so, where it cannot be made: those tests are then skipped.
 *
 * @returns the executable
 */
export async function provideTestPython(cache: string): Promise<string | null> {
  if (process.env.CRIBSHEET_TEST_PYTHON) return process.env.CRIBSHEET_TEST_PYTHON
  try {
    const [python, ...first] = await findPython()
    const requirements = join(import.meta.dirname, 'test-requirements.txt')
    const place = await run(python, [...first, '-c', 'import sys; print(sys.executable, sys.version)'])
    const key = createHash('sha256').update(place).update(readFileSync(requirements)).digest('hex').slice(0, 12)
    const folder = join(cache, `test-python-${key}`)
    await makeOnce(folder, (staging) =>
      showProgress('installing pycocotools and safetensors for the tests', () =>
        makeEnvironment([python, ...first], staging, requirements),
      ),
    )
    return join(folder, 'bin', 'python')
  } catch (error) {
    say(
      `set-up: no pycocotools or safetensors, the tests that compare with them are skipped: ${error instanceof Error ? error.message : String(error)}`,
    )
    return null
  }
}

/** Without a pip of its own, as Debian's Python cannot make one (ensurepip is a package apart). */
async function makeEnvironment(
  [python, ...first]: [string, ...string[]],
  folder: string,
  requirements: string,
): Promise<void> {
  await run(python, [...first, '-m', 'venv', '--without-pip', folder])
  const packages = await run(join(folder, 'bin', 'python'), [
    '-c',
    'import sysconfig; print(sysconfig.get_path("purelib"))',
  ])
  await run(python, [
    ...[
      ...first,
      '-m',
      'pip',
      'install',
      '--target',
      packages.trim(),
      '--require-hashes',
      '--only-binary=:all:',
      '--no-deps',
    ],
    ...['--no-cache-dir', '--disable-pip-version-check', '--requirement', requirements],
  ])
}
