import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCommand, type RunningCommand } from '../command-line.ts'

export interface Served {
  command: RunningCommand
  /** With the token. */
  address: string
  stop(): Promise<void>
}

/** Starts the built program as `cribsheet serve`, with a home of its own. */
export async function serve(
  args: string[] = [],
  home = mkdtempSync(join(tmpdir(), 'cribsheet-home-')),
): Promise<Served> {
  const command = startCommand(['serve', ...args], { env: { ...process.env, XDG_DATA_HOME: home } })
  await command.says('Open this address')
  const address = command.output.stdout.trim()
  return {
    command,
    address,
    stop: async () => {
      command.process.kill('SIGINT')
      await command.finished
    },
  }
}
