import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { CribsheetError, type OnProgress, type Restored } from '../contract/index.ts'
import { backupsFolder, databaseName, explain } from './location.ts'
import { ProjectLock } from './lock.ts'
import { backUp, findBackup, removeDatabase } from './store/backup.ts'
import { checkTables } from './store/check-tables.ts'
import { Database } from './store/database.ts'
import { migrate, schemaVersion } from './store/migrate.ts'
import { takeOverObjects } from './store/take-over-objects.ts'

/** What is to take the database's place, in the data folder. */
export const preparedName = 'restored.db.unfinished'

const phases = ['Preparing the backup', 'Backing up what is there', 'Putting the backup in its place']

/**
 * Puts a backup in the place of a project's database. What is there is backed up first; where it is damaged, its files are
 * kept as they are. A kill at any moment leaves what was there or the backup, whole.
 *
 * @param backup the file
 * @throws CribsheetError project-locked; backup-missing, project-damaged, project-newer of the backup; disk-full,
 *   folder-unwritable: then nothing has changed
 */
export function restoreBackup(dataFolder: string, backup: string, onProgress?: OnProgress): Restored {
  const lock = new ProjectLock(dataFolder)
  const current = join(dataFolder, databaseName)
  const prepared = join(dataFolder, preparedName)
  const tell = (done: number) => {
    const phase = phases[Math.min(done, phases.length - 1)]
    onProgress?.({ phase, done, total: phases.length, rate: null, secondsLeft: null })
  }
  try {
    tell(0)
    prepare(backup, prepared, current)
    tell(1)
    const kept = keepCurrent(current, backupsFolder(dataFolder), backup)
    tell(2)
    renameSync(prepared, current) // the one moment in which it is decided
    syncFolder(dataFolder)
    tell(3)
    return { restored: backup, ...kept }
  } catch (cause) {
    throw explain(cause, dataFolder)
  } finally {
    removeDatabase(prepared)
    lock.release()
  }
}

/** A copy of the backup that can be opened as the project, with the objects that are known already. */
function prepare(backup: string, prepared: string, current: string): void {
  removeDatabase(prepared)
  copyBackup(backup, prepared)
  let database: Database | undefined
  try {
    database = new Database(prepared)
    if (schemaVersion(database) === 0) throw notOurs(backup)
    migrate(database)
    for (const table of database.tables()) database.checkIntegrity(table)
    if (existsSync(current)) takeOverObjects(database, current)
    database.pragma('journal_mode = DELETE') // one file, so that renaming it is all
  } catch (cause) {
    if (!(cause instanceof CribsheetError) || cause.file !== prepared || cause.code === 'disk-full') throw cause
    throw new CribsheetError(cause.code, cause.message, { file: backup, advice: 'Choose another backup.', cause })
  } finally {
    database?.close()
  }
}

function copyBackup(backup: string, prepared: string): void {
  try {
    copyFileSync(backup, prepared)
  } catch (cause) {
    if (!existsSync(backup)) {
      throw new CribsheetError('backup-missing', 'There is no such backup.', {
        file: backup,
        advice: 'Look at the list of backups again.',
        cause,
      })
    }
    throw cause
  }
}

function notOurs(backup: string): CribsheetError {
  return new CribsheetError('project-damaged', 'This is no backup of a Cribsheet project.', {
    file: backup,
    advice: 'Choose another backup.',
  })
}

/** Afterwards there is nothing beside the database that another one in its place would take for its own. */
function keepCurrent(current: string, backups: string, backup: string): Omit<Restored, 'restored'> {
  if (!existsSync(current)) {
    removeDatabase(current)
    return { before: null, damaged: null }
  }
  let database: Database | undefined
  try {
    database = new Database(current)
    checkTables(database)
    const file = backUp(database, backups, { reason: 'before-restore', spare: backup })
    database.pragma('journal_mode = DELETE')
    return { before: findBackup(backups, file), damaged: null }
  } catch (cause) {
    if (!(cause instanceof CribsheetError) || cause.code !== 'project-damaged') throw cause
    database?.close()
    return { before: null, damaged: keepDamaged(current, backups) }
  } finally {
    database?.close()
  }
}

/** What SQLite keeps beside a database in WAL mode. */
const besides = ['-wal', '-shm']

function keepDamaged(current: string, backups: string): string {
  const folder = join(backups, `damaged-${new Date().toISOString().replaceAll(':', '-')}`)
  mkdirSync(folder, { recursive: true })
  for (const suffix of ['', ...besides])
    if (existsSync(current + suffix)) copyFileSync(current + suffix, join(folder, databaseName + suffix))
  syncFolder(folder)
  for (const suffix of besides) removeDatabase(current + suffix)
  return folder
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return // folders cannot be opened there
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
