import { spawn } from 'node:child_process'
import { SetupError } from './report.mjs'

/** A program that ended with an error: the first and last lines of its output are the message. */
export class CommandError extends Error {
  /**
   * @param {string} command
   * @param {string} output
   */
  constructor(command, output) {
    const lines = output.trimEnd().split('\n')
    const shown = lines.length <= 24 ? lines : [...lines.slice(0, 12), '...', ...lines.slice(-12)]
    super([command, ...shown].join('\n'))
    this.output = output
  }
}

/**
 * Runs a program to its end and returns what it wrote to its output stream. A set-up that is stopped stops it too.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>}
 */
export function run(program, args, { cwd = process.cwd(), env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = () => {
      child.kill()
      process.exit(130)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)
    let output = ''
    let all = ''
    child.stdout.on('data', (data) => {
      output += data
      all += data
    })
    child.stderr.on('data', (data) => (all += data))
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, stop)
      if (code === 0) resolve(output)
      else reject(new CommandError(`${program} ${args.join(' ')}: ${signal ?? `exit code ${code}`}`, all))
    })
  })
}

/**
 * What a failed download means: the disk, the network, or else what the program said.
 *
 * @param {unknown} error
 * @param {string} what
 * @param {string} registry how the person sees which registry is asked
 * @returns {unknown}
 */
export function explainDownload(error, what, registry) {
  if (!(error instanceof CommandError)) return error
  if (/ENOSPC|No space left/.test(error.output)) {
    return new SetupError(
      `the disk is full: ${what} could not be downloaded.`,
      'Make room, or name another folder for the cache in CRIBSHEET_CACHE, then run the same command again.',
    )
  }
  const unreachable =
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|name resolution|Max retries|NewConnectionError|ProxyError|from versions: none/
  if (unreachable.test(error.output)) {
    return new SetupError(
      `${what} could not be downloaded: the package registry does not answer.`,
      `Check the network and the registry's address (${registry}), then run the same command again.\n\n${error.message}`,
    )
  }
  return new SetupError(`${what} could not be downloaded.`, `${error.message}\n\nThen run the same command again.`)
}
