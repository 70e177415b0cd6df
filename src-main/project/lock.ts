import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'

import Sqlite from 'better-sqlite3'
import { z } from 'zod'

import { CribsheetError } from '../contract/index.ts'
import { translate } from './store/database.ts'

const holderName = 'holder.json'

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  user: z.string(),
  /** ISO 8601. */
  since: z.string(),
})
type Holder = z.infer<typeof holderSchema>

/**
 * One process at a time on a project. The lock is the operating system's, on a file of its own, taken through SQLite,
 * which knows how on every platform: it ends with the process, however that ends, so there is no stale lock to tell
 * from a live one. A file beside it says who holds it.
 */
export class ProjectLock {
  readonly #sqlite: Sqlite.Database
  readonly #holderFile: string

  /** @throws CribsheetError project-locked with who holds it, folder-unwritable */
  constructor(dataFolder: string) {
    this.#holderFile = join(dataFolder, holderName)
    this.#sqlite = takeLock(join(dataFolder, 'lock'), this.#holderFile)
    const holder: Holder = {
      pid: process.pid,
      host: hostname(),
      user: userName(),
      since: new Date().toISOString(),
    }
    try {
      writeFileSync(this.#holderFile, JSON.stringify(holder))
    } catch (cause) {
      this.#sqlite.close()
      throw cause
    }
  }

  release(): void {
    rmSync(this.#holderFile, { force: true })
    this.#sqlite.close()
  }
}

function takeLock(file: string, holderFile: string): Sqlite.Database {
  let sqlite: Sqlite.Database | undefined
  try {
    sqlite = new Sqlite(file, { timeout: 0 })
    sqlite.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE') // nothing is ever written to it
    return sqlite
  } catch (cause) {
    sqlite?.close()
    if (!(cause instanceof Sqlite.SqliteError)) throw cause
    if (cause.code.startsWith('SQLITE_BUSY')) throw locked(file, readHolder(holderFile), cause)
    throw translate(cause, file)
  }
}

function locked(file: string, holder: Holder | null, cause: unknown): CribsheetError {
  const who = holder
    ? `process ${holder.pid} of ${holder.user} on ${holder.host}, since ${holder.since}`
    : 'another program'
  return new CribsheetError('project-locked', `The project is in use by ${who}.`, {
    file,
    advice:
      holder && holder.host === hostname()
        ? `Close it there, or end process ${holder.pid}; the project is free as soon as that has ended.`
        : 'Close it there and try again.',
    cause,
  })
}

/** Who has the project open, as far as is known. */
export function projectHolder(dataFolder: string): Holder | null {
  return readHolder(join(dataFolder, holderName))
}

/** Null where there is none, or it is being written. */
function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'an unknown user' // a container may have none
  }
}
