import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

import { applicationId, Database } from './database.ts'
import { schemaVersion } from './migrate.ts'

/** As many as are kept. */
const rotation = 8

const backupName = /^project-.*\.db$/

/** Backups, newest first. */
export function listBackups(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => backupName.test(name))
      .sort() // the names begin with the time
      .reverse()
      .map((name) => join(folder, name))
  } catch {
    return [] // no folder yet
  }
}

/**
 * Writes a backup beside the older ones and drops the oldest. It holds all but the objects: they are most of the
 * bytes, and embedding computes them anew.
 * @throws CribsheetError disk-full
 */
export function backUp(database: Database, folder: string, now = new Date()): string {
  mkdirSync(folder, { recursive: true })
  const time = now.toISOString().replaceAll(':', '-')
  const file = join(folder, `project-${time}-version-${schemaVersion(database)}.db`)
  const unfinished = `${file}.unfinished`
  removeDatabase(unfinished)
  try {
    copyAllButObjects(database, unfinished)
    renameSync(unfinished, file)
  } catch (cause) {
    removeDatabase(unfinished)
    throw cause
  }
  listBackups(folder).slice(rotation).forEach(removeDatabase)
  return file
}

/** Whether the newest backup is older than a day. */
export function backupIsDue(folder: string, now = Date.now()): boolean {
  const newest = listBackups(folder).at(0)
  return newest === undefined || now - statSync(newest).mtimeMs > 24 * 3600 * 1000
}

const schemaRow = z.object({ type: z.string(), name: z.string(), sql: z.string() })
const leftOut = new Set(['object', 'embedded'])

function copyAllButObjects(source: Database, target: string): void {
  const schema = source
    .query(`SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`, schemaRow)
    .all()
  const copy = new Database(target)
  try {
    copy.command('ATTACH :file AS source').run({ file: source.file })
    copy.pragma('foreign_keys = OFF') // tables come in no particular order
    copy.transaction(() => {
      const tables = schema.filter(({ type }) => type === 'table')
      tables.forEach(({ sql }) => copy.execute(sql))
      tables
        .filter(({ name }) => !leftOut.has(name))
        .forEach(({ name }) => copy.execute(`INSERT INTO main.${name} SELECT * FROM source.${name}`))
      copy.execute(
        'DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence',
      )
      schema.filter(({ type }) => type !== 'table').forEach(({ sql }) => copy.execute(sql))
      copy.pragma(`application_id = ${applicationId}`)
      copy.pragma(`user_version = ${schemaVersion(source)}`)
    })
    copy.execute('DETACH source')
    copy.pragma('journal_mode = DELETE') // one file, nothing beside it
  } finally {
    copy.close()
  }
}

function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}
