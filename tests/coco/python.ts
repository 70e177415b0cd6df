import { execFileSync } from 'node:child_process'

/** A Python that can import pycocotools: the one set-up names, else the machine's own, else none and why. */
export function findPython(): { python: string } | { missing: string } {
  const python = process.env['CRIBSHEET_TEST_PYTHON'] ?? 'python3'
  try {
    execFileSync(python, ['-c', 'import numpy, pycocotools.mask'], { stdio: 'pipe' })
    return { python }
  } catch {
    return { missing: `${python} cannot import pycocotools: name one that can in CRIBSHEET_TEST_PYTHON` }
  }
}

/** Runs a script of this folder on `input` (JSON on stdin) and gives what it printed, parsed. */
export function runPython(python: string, script: string, input: unknown): unknown {
  const output = execFileSync(python, [new URL(script, import.meta.url).pathname], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return JSON.parse(output)
}
