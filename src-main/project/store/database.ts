import Sqlite from 'better-sqlite3'
import { z } from 'zod'

import { CribsheetError } from '../../contract/index.ts'

/** 'CRIB': tells a file of ours from any other SQLite file. */
export const applicationId = 0x43524942

type Value = string | number | bigint | Uint8Array | null
type Parameters = Record<string, Value>

/** A prepared SELECT; its rows are parsed, since the text and JSON in a file can be anything. */
export interface Query<Row> {
  all(parameters?: Parameters): Row[]
  get(parameters?: Parameters): Row | undefined
}

/** A prepared INSERT, UPDATE or DELETE. */
export interface Command {
  run(parameters?: Parameters): { changes: number; id: number }
}

/**
 * One SQLite file in WAL mode with foreign keys. A commit has reached the disk when it returns (synchronous = FULL):
 * an action of a person is never lost, not even by a power cut.
 */
export class Database {
  readonly file: string
  readonly #sqlite: Sqlite.Database

  /**
   * Makes the file where there is none, unless it is only read.
   * @throws CribsheetError project-damaged, disk-full, folder-unwritable
   */
  constructor(file: string, { readOnly = false } = {}) {
    requireCurrentNode()
    this.file = file
    this.#sqlite = this.#guard(() => new Sqlite(file, { readonly: readOnly, fileMustExist: readOnly }))
    if (readOnly) return
    try {
      this.pragma('journal_mode = WAL')
      this.pragma('synchronous = FULL')
      this.pragma('fullfsync = ON') // macOS: fsync alone leaves data in the drive's cache
      this.pragma('foreign_keys = ON')
    } catch (cause) {
      this.close()
      throw cause
    }
  }

  query<Row>(sql: string, row: z.ZodType<Row>): Query<Row> {
    const statement = this.#guard(() => this.#sqlite.prepare<[Parameters]>(sql))
    return {
      all: (parameters = {}) => this.#guard(() => statement.all(parameters)).map((each) => row.parse(each)),
      get: (parameters = {}) => {
        const found = this.#guard(() => statement.get(parameters))
        return found === undefined ? undefined : row.parse(found)
      },
    }
  }

  command(sql: string): Command {
    const statement = this.#guard(() => this.#sqlite.prepare<[Parameters]>(sql))
    return {
      run: (parameters = {}) => {
        const { changes, lastInsertRowid } = this.#guard(() => statement.run(parameters))
        return { changes, id: Number(lastInsertRowid) }
      },
    }
  }

  /** Runs statements that take and give nothing: schema. */
  execute(sql: string): void {
    this.#guard(() => this.#sqlite.exec(sql))
  }

  pragma(text: string): unknown {
    return this.#guard(() => this.#sqlite.pragma(text, { simple: true }))
  }

  /** All or nothing; inside another transaction, a part of it. */
  transaction<Result>(work: () => Result): Result {
    return this.#guard(() => this.#sqlite.transaction(work).immediate())
  }

  /** A function for SQL to call, with as many arguments as it takes. */
  define(name: string, implementation: (...of: Value[]) => Value): void {
    this.#sqlite.function(name, implementation)
  }

  tables(): string[] {
    const name = z.object({ name: z.string() }).transform((row) => row.name)
    return this.query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`, name).all()
  }

  /** @throws CribsheetError project-damaged */
  checkIntegrity(table: string): void {
    const answer = this.pragma(`quick_check(${table})`)
    if (answer !== 'ok') throw damaged(this.file, String(answer))
  }

  close(): void {
    this.#sqlite.close()
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (cause) {
      throw cause instanceof Sqlite.SqliteError ? translate(cause, this.file) : cause
    }
  }
}

/** better-sqlite3 ends the process, uncatchably, where it is loaded by an older Node. */
function requireCurrentNode(): void {
  if (Number(process.versions.napi) >= 10) return
  throw new CribsheetError(
    'installation-incomplete',
    `Node ${process.versions.node} is too old for the project store.`,
    {
      advice: 'Run npm start once: it brings a current Node.',
    },
  )
}

/** A row that the schema does not allow: a name that is taken, a class that is still used. */
export class ConstraintViolated extends Error {}

/** What SQLite says, for a person; what is a mistake of the program stays as it is. */
export function translate(error: InstanceType<typeof Sqlite.SqliteError>, file: string): Error {
  const [kind] = /^SQLITE_[A-Z]+/.exec(error.code) ?? []
  if (kind === 'SQLITE_CONSTRAINT') return new ConstraintViolated(error.message, { cause: error })
  if (kind === 'SQLITE_CORRUPT' || kind === 'SQLITE_NOTADB') return damaged(file, error.message, error)
  if (kind === 'SQLITE_FULL' || writeFailures.has(error.code)) {
    return new CribsheetError('disk-full', 'The project cannot be written: the disk or the quota is full.', {
      file,
      advice: 'Free some space and try again; everything up to the last action is saved.',
      cause: error,
    })
  }
  if (kind === 'SQLITE_BUSY' || kind === 'SQLITE_LOCKED') {
    return new CribsheetError('project-locked', 'Another program is using the project.', {
      file,
      advice: 'Close the other program and try again.',
      cause: error,
    })
  }
  if (kind === 'SQLITE_READONLY' || kind === 'SQLITE_CANTOPEN') {
    return new CribsheetError('folder-unwritable', 'The project cannot be written.', {
      file,
      advice: 'Check the permissions of the file and its folder.',
      cause: error,
    })
  }
  return error
}

/**
 * SQLite says FULL for a full disk, but these for a quota, a limit on file size, or a full disk under its shared
 * memory.
 */
const writeFailures = new Set([
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_IOERR_TRUNCATE',
  'SQLITE_IOERR_SHMSIZE',
])

function damaged(file: string, reason: string, cause?: unknown): CribsheetError {
  return new CribsheetError('project-damaged', `The project's database is damaged: ${reason}.`, {
    file,
    advice: 'Put a backup in its place.',
    cause,
  })
}
