import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { app, shell } from 'electron'

/** A log that is larger when the program starts is put aside, in place of the one before it. */
const mostBytes = 1_000_000

const logFile = () => join(app.getPath('userData'), 'logs', 'cribsheet.log')

/** What nobody catches is written to the log from now on, instead of ending the program or showing its stack. */
export function keepLog(): void {
  putLargeAside()
  // A terminal that was closed: its error, written there, would be the next one, for ever.
  process.stderr.on('error', () => undefined)
  process.on('uncaughtException', (error) => writeLog('Unexpected', error))
  process.on('unhandledRejection', (reason) => writeLog('Unexpected', reason))
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    writeLog('A process ended', `${type}: ${reason}, exit code ${exitCode}`),
  )
}

/** @param what happened @param details an error is written with its stack: the log is the only place that has it */
export function writeLog(what: string, details: unknown): void {
  const text = details instanceof Error ? (details.stack ?? details.message) : String(details)
  const line = `${new Date().toISOString()} ${what}: ${text.trimEnd()}\n`
  process.stderr.write(line)
  try {
    mkdirSync(dirname(logFile()), { recursive: true })
    appendFileSync(logFile(), line)
  } catch {
    // A full disk: there is nowhere else to say it.
  }
}

/** Shows the log in the system's file browser. */
export function showLog(): void {
  writeLog('Shown', `Cribsheet ${app.getVersion()}, Electron ${process.versions.electron}, ${process.platform}`)
  shell.showItemInFolder(logFile())
}

function putLargeAside(): void {
  try {
    if (statSync(logFile()).size > mostBytes) renameSync(logFile(), `${logFile()}.old`)
  } catch {
    // There is none.
  }
}
