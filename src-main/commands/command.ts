import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { CribsheetError } from '../contract/index.ts'
import { Engine } from '../workflow/index.ts'
import { Terminal } from './terminal.ts'

export const exitCodes = { success: 0, failure: 1, wrongArguments: 2, interrupted: 130, terminated: 143 } as const

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly engine: Engine
  /** For the operations of workflow. */
  readonly operation: { signal: AbortSignal; onProgress: Terminal['progress'] }
}

/** What a command comes to: what `--json` writes, and whether it is a success. */
export interface Outcome {
  result: unknown
  failed?: boolean
}

export interface CommonOptions {
  json?: string
}

/** A command with the options that all have. */
export function newCommand(name: string, description: string): Command {
  return new Command(name).description(description).option('--json <file>', 'write the result to this file')
}

/**
 * Does a command's work: progress and errors are shown, the result goes to `--json`, the first Ctrl-C cancels and a second one ends it at
 * once. Sets the process's exit code.
 */
export async function perform(
  { json }: CommonOptions,
  work: (context: CommandContext) => Promise<Outcome>,
): Promise<void> {
  const terminal = new Terminal()
  const engine = new Engine()
  const { signal, release } = cancelOnSignals(terminal, engine)
  try {
    const { result, failed } = await work({ terminal, engine, operation: { signal, onProgress: terminal.progress } })
    if (json !== undefined) writeJson(json, result)
    process.exitCode = failed ? exitCodes.failure : exitCodes.success
  } catch (error) {
    reportError(error, terminal)
    process.exitCode = exitCodeOf(error, signal)
  } finally {
    await engine.close()
    release()
  }
}

/** The first signal cancels politely; the second ends the process and the engine. */
function cancelOnSignals(terminal: Terminal, engine: Engine): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      engine.kill()
      process.exit(codeOfSignal(name))
    }
    terminal.note('Stopping: what is finished is kept. (Again to stop at once.)')
    controller.abort(name)
  }
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of names) process.on(name, onSignal)
  const release = () => {
    for (const name of names) process.off(name, onSignal)
  }
  return { signal: controller.signal, release }
}

function codeOfSignal(name: unknown): number {
  return name === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
}

function exitCodeOf(error: unknown, signal: AbortSignal): number {
  const code = error instanceof CribsheetError ? error.code : null
  if (code === 'cancelled') return codeOfSignal(signal.reason)
  return code === 'argument-invalid' ? exitCodes.wrongArguments : exitCodes.failure
}

/** What happened, to which file, what to do; for a fault of ours also where. */
export function reportError(error: unknown, terminal: Terminal): void {
  if (!(error instanceof CribsheetError)) {
    terminal.note(`cribsheet: This is a fault of the program, please report it. (unexpected)`)
    terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return
  }
  terminal.note(`cribsheet: ${error.message} (${error.code})`)
  if (error.file !== undefined) terminal.note(`  file: ${error.file}`)
  terminal.note(`  what to do: ${error.advice}`)
  const details = error.code === 'unexpected' || error.code === 'engine-crashed'
  if (details && error.cause !== undefined) terminal.note(describeCause(error.cause))
}

function describeCause(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? cause.message
  return typeof cause === 'string' ? cause : JSON.stringify(cause)
}

/** Complete or not at all. @throws CribsheetError folder-unwritable */
export function writeJson(file: string, result: unknown): void {
  const temporary = `${file}.${process.pid}.part`
  try {
    writeFileSync(temporary, `${JSON.stringify(result, null, 2)}\n`)
    renameSync(temporary, file)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new CribsheetError('folder-unwritable', 'The result cannot be written.', {
      file,
      advice: 'Give --json a file in a folder that you may write to and that has space.',
      cause,
    })
  }
}
