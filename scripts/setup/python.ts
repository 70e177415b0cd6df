import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Wheel } from '../../src-main/installation/index.ts'
import { run } from './command.mjs'
import { downloadPinned, requireSpace } from './download.mjs'
import { SetupError, showProgress } from './report.mjs'

/** How a program is started: its name and the arguments that come before all others. */
export type Program = [string, ...string[]]

/** How the person sees which registry pip asks. */
const pipRegistry = 'python3 -m pip config list'

/** A Python 3 with pip: CRIBSHEET_PYTHON, else the one on the PATH. */
export async function findPython(): Promise<Program> {
  const named = process.env.CRIBSHEET_PYTHON
  const candidates: Program[] = named ? [[named]] : [['python3'], ['python'], ['py', '-3']]
  for (const python of candidates) {
    if (!(await succeeds(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']))) continue
    if (await succeeds(python, ['-m', 'pip', '--version'])) return python
    throw new SetupError(
      `Python is there (${python.join(' ')}), but not its pip.`,
      'Install it (Debian, Ubuntu: sudo apt-get install python3-pip), then run the same command again.',
    )
  }
  throw new SetupError(
    named
      ? `CRIBSHEET_PYTHON names no Python of version 3.9 or newer: ${named}.`
      : 'Python 3 (3.9 or newer) was not found.',
    'Install it (Debian, Ubuntu: sudo apt-get install python3 python3-pip), then run the same command again.',
  )
}

async function succeeds([program, ...first]: Program, args: string[]): Promise<boolean> {
  try {
    await run(program, [...first, ...args])
    return true
  } catch {
    return false
  }
}

/**
 * Downloads a wheel, checks it, and unpacks the members that start with one of the prefixes into the folder. Any Python 3 does it:
 * the wheel is never run by Python.
 */
export async function unpackWheel(
  wheel: Wheel,
  folder: string,
  prefixes: string[],
  unpackedMegabytes: number,
): Promise<void> {
  const [python, ...first] = await findPython()
  const what = `${wheel.project} ${wheel.version}`
  await requireSpace(folder, wheel.megabytes + unpackedMegabytes, what)
  const download = join(folder, 'download')
  const file = await downloadPinned(what, wheel, download, {
    command: (target) => [python, [...first, ...pipDownload(wheel, target)]],
    env: { ...process.env, TMPDIR: download }, // pip's temporary copy: beside the target, not in a small /tmp
    registry: pipRegistry,
  })
  const unpack = join(import.meta.dirname, 'unpack-wheel.py')
  await showProgress(`unpacking ${what}`, () => run(python, [...first, unpack, file, folder, ...prefixes]))
  rmSync(download, { recursive: true })
}

function pipDownload({ project, version, platforms }: Wheel, target: string): string[] {
  return [
    ...['-m', 'pip', 'download', `${project}==${version}`, '--dest', target, '--no-deps', '--only-binary=:all:'],
    ...['--python-version', '3.11', '--implementation', 'cp', ...platforms.flatMap((tag) => ['--platform', tag])],
    ...['--no-cache-dir', '--progress-bar=off', '--disable-pip-version-check'],
  ]
}
