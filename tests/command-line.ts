import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const cli = resolve(import.meta.dirname, '../out/main/cli.js')

export interface Finished {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunningCommand {
  process: ChildProcess
  /** What it has written so far. */
  output: { readonly stdout: string; readonly stderr: string }
  finished: Promise<Finished>
  /** Resolves when the text has been written to standard error. */
  says(text: string): Promise<void>
}

/** Starts the built command line, as `cribsheet ARGS`; it ends with this process, if not before. */
export function startCommand(args: string[], options: SpawnOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [cli, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const finished = once(child, 'close').then(([code, signal]: unknown[]) => ({
    ...output,
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  const says = (text: string) =>
    new Promise<void>((resolveSaid, reject) => {
      const look = () => {
        if (output.stderr.includes(text)) resolveSaid()
      }
      child.stderr.on('data', look)
      look()
      void finished.then(({ stderr }) => reject(new Error(`It ended without saying "${text}": ${stderr}`)))
    })
  return { process: child, output, finished, says }
}

export function runCommand(args: string[], options: SpawnOptions = {}): Promise<Finished> {
  return startCommand(args, options).finished
}

/** Runs a command that must succeed. @returns what `--json` wrote, parsed */
export async function resultOf<Result>(args: string[], schema: z.ZodType<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'cribsheet-json-'))
  try {
    const json = join(folder, 'result.json')
    const { code, stderr } = await runCommand([...args, '--json', json])
    if (code !== 0) throw new Error(`cribsheet ${args.join(' ')} ended with ${String(code)}: ${stderr}`)
    return schema.parse(JSON.parse(readFileSync(json, 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The engine processes of a running command. */
export function enginesOf(command: RunningCommand): number[] {
  const { pid } = command.process
  if (pid === undefined) throw new Error('It did not start.')
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((wake) => setTimeout(wake, 20))
}

export const overviewSchema = z.object({
  images: z.number(),
  usableImages: z.number(),
  labelledImages: z.number(),
  classes: z.array(z.object({ name: z.string(), accepted: z.number(), drafts: z.number(), ignored: z.boolean() })),
  runs: z.number(),
  scan: z.object({
    added: z.number(),
    problems: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
  }),
})

export const embedSchema = z.object({
  embedded: z.number(),
  current: z.number(),
  objects: z.number(),
  basis: z.string(),
  problems: z.array(z.object({ path: z.string(), code: z.string() })),
})

export const propagateSchema = z.object({
  runId: z.number(),
  labelledImages: z.number(),
  images: z.number(),
  proposals: z.number(),
  accepted: z.number(),
  problems: z.array(z.object({ path: z.string(), code: z.string() })),
})

export const runsSchema = z.object({
  runs: z.array(z.object({ id: z.number(), kind: z.string(), state: z.string() })),
})
