import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

import { backupReasonSchema, type Backup, type BackupReason } from '../../contract/index.ts'
import { countRow } from './columns.ts'
import { applicationId, Database } from './database.ts'
import { schemaVersion } from './migrate.ts'

/** As many of each reason are kept: making some by hand costs none of the daily ones. */
const rotation = 8

/** Of backups, the time first; earlier ones have no reason in their name. */
const backupName = /^project-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)-version-\d+(?:-([a-z-]+))?\.db$/

/** Backups, newest first, without what is in them. */
export function listBackups(folder: string): Omit<Backup, 'contents'>[] {
  return namesIn(folder).flatMap((name) => describeBackup(folder, name) ?? [])
}

/** One of them by its file. */
export function findBackup(folder: string, file: string): Backup | null {
  const found = listBackups(folder).find((backup) => backup.file === file)
  return found ? { ...found, contents: contentsOf(file) } : null
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort().reverse() // the names begin with the time
  } catch {
    return [] // no folder yet
  }
}

function describeBackup(folder: string, name: string): Omit<Backup, 'contents'> | null {
  const parts = backupName.exec(name)
  if (!parts) return null
  const [, id] = parts
  const reason = backupReasonSchema.safeParse(parts.at(2) ?? 'daily')
  if (!reason.success) return null
  const file = join(folder, name)
  return { id, file, madeAt: timeOf(id), reason: reason.data, bytes: statSync(file).size }
}

/** A file may have no colons in its name everywhere. */
function timeOf(id: string): number {
  return Date.parse(id.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'))
}

/** What is in a backup; null where it cannot be read. */
export function contentsOf(file: string): Backup['contents'] {
  let database: Database | undefined
  try {
    database = new Database(file, { readOnly: true })
    const count = (of: string) => database?.query(`SELECT count(*) AS count FROM ${of}`, countRow).get() ?? 0
    return {
      images: count('image WHERE missing = 0'),
      classes: count('class'),
      accepted: count(`annotation WHERE state = 'accepted' AND replaced_by IS NULL`),
      drafts: count(`annotation WHERE state = 'draft' AND replaced_by IS NULL`),
    }
  } catch {
    return null
  } finally {
    database?.close()
  }
}

export interface BackUpOptions {
  reason?: BackupReason
  now?: Date
  /** A backup that stays though its turn to go has come. */
  spare?: string
}

/**
 * Writes a backup beside the older ones and drops the oldest of its reason. It holds all but the objects: they are most of the
 * bytes, and embedding computes them anew.
 * @returns its file
 * @throws CribsheetError disk-full
 */
export function backUp(
  database: Database,
  folder: string,
  { reason = 'daily', now = new Date(), spare }: BackUpOptions = {},
): string {
  mkdirSync(folder, { recursive: true })
  const time = now.toISOString().replaceAll(':', '-')
  const file = join(folder, `project-${time}-version-${schemaVersion(database)}-${reason}.db`)
  const unfinished = `${file}.unfinished`
  removeDatabase(unfinished)
  try {
    copyAllButObjects(database, unfinished)
    renameSync(unfinished, file)
  } catch (cause) {
    removeDatabase(unfinished)
    throw cause
  }
  const older = listBackups(folder).filter((backup) => backup.reason === reason && backup.file !== file)
  for (const { file: old } of older.slice(rotation - 1)) if (old !== spare) removeDatabase(old)
  return file
}

/** Whether the newest backup is older than a day. */
export function backupIsDue(folder: string, now = Date.now()): boolean {
  const newest = listBackups(folder).at(0)
  return newest === undefined || now - statSync(newest.file).mtimeMs > 24 * 3600 * 1000
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

/** With what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true })
}
