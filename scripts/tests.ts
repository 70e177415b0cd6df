import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cacheFolder, handOver } from '../src-main/installation/index.ts'
import { CommandError, run } from './setup/command.mjs'
import { sayMissingPackages } from './setup/debian.ts'
import { provideTestPython } from './setup/test-python.ts'

/** Each counts as one test. */
const checks: [string, string[]][] = [
  ['types (tsc)', ['typescript/bin/tsc', '--noEmit']],
  [
    'types of the page (svelte-check)',
    ['svelte-check/bin/svelte-check', '--tsconfig', 'src-renderer/tsconfig.json', '--fail-on-warnings'],
  ],
  ['lint (eslint)', ['eslint/bin/eslint.js', '.']],
  ['format (prettier)', ['prettier/bin/prettier.cjs', '--check', '.']],
  ['dead code (knip)', ['knip/bin/knip.js']],
]

interface Count {
  passed: number
  failed: number
  skipped: number
}

/**
 * Runs the static checks and the tests, and says how many passed in the last line.
 *
 * @param args for vitest: the tests to run, by their path
 * @returns the exit code
 */
export async function runTests(root: string, args: string[]): Promise<number> {
  sayMissingPackages(root)
  const python = await provideTestPython(cacheFolder())
  if (python) process.env.CRIBSHEET_TEST_PYTHON = python
  const count: Count = { passed: 0, failed: 0, skipped: 0 }
  for (const [name, [script = '', ...options]] of checks) {
    const ok = await passes(root, name, [join(root, 'node_modules', script), ...options])
    count[ok ? 'passed' : 'failed'] += 1
  }
  const tests = await runVitest(root, args)
  for (const key of ['passed', 'failed', 'skipped'] as const) count[key] += tests[key]
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`)
  return count.failed === 0 ? 0 : 1
}

async function passes(root: string, name: string, command: string[]): Promise<boolean> {
  try {
    await run(process.execPath, command, { cwd: root })
    console.log(`ok: ${name}`)
    return true
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    console.log(`FAILED: ${name}\n${error.output}`)
    return false
  }
}

/** The parts that we count of vitest's JSON report. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

async function runVitest(root: string, args: string[]): Promise<Count> {
  const file = join(root, 'tests', 'output', 'vitest.json')
  mkdirSync(dirname(file), { recursive: true })
  rmSync(file, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await handOver(process.execPath, [vitest, 'run', '--root', root, ...reporters, ...args])
  return countTests(readReport(file), code)
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // vitest ended before it wrote one
  }
}

/** A file that could not be loaded counts as one failed test, and so does a run that failed for a reason of its own. */
export function countTests(report: unknown, exitCode: number): Count {
  const parsed = reportSchema.safeParse(report)
  if (!parsed.success) return { passed: 0, failed: 1, skipped: 0 }
  const { data } = parsed
  const unloaded = data.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  const failed = data.numFailedTests + unloaded
  return {
    passed: data.numPassedTests,
    failed: failed === 0 && (exitCode !== 0 || !data.success) ? 1 : failed,
    skipped: data.numPendingTests + data.numTodoTests,
  }
}
