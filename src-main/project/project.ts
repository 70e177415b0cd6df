import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

import { CribsheetError, type Backup, type BackupReason } from '../contract/index.ts'
import { listBackupsOf } from './find-backup.ts'
import { backupsFolder, databaseName, explain, findDataFolder, makeDataFolder, resolveFolder } from './location.ts'
import { ProjectLock } from './lock.ts'
import { preparedName } from './restore.ts'
import { scan, type ScanOptions, type ScanSummary } from './scan.ts'
import { backUp, backupIsDue, findBackup, listBackups, removeDatabase } from './store/backup.ts'
import { checkTables } from './store/check-tables.ts'
import { Database } from './store/database.ts'
import { Store } from './store/index.ts'
import { migrate, schemaVersion } from './store/migrate.ts'
import { migrations } from './store/migrations/index.ts'
import { Settings } from './store/settings.ts'

export interface OpenOptions {
  /** Make the project where there is none. */
  create?: boolean
  /** Keep the project's data here instead of in the folder. */
  dataFolder?: string
}

/** A folder of images and what is known about it. Only `dataFolder` is ever written to. */
export class Project {
  /** The folder of images; paths of images are relative to it. */
  readonly folder: string
  readonly dataFolder: string
  readonly store: Store
  readonly #database: Database
  readonly #lock: ProjectLock

  private constructor(folder: string, dataFolder: string, lock: ProjectLock, database: Database) {
    this.folder = folder
    this.dataFolder = dataFolder
    this.#lock = lock
    this.#database = database
    this.store = new Store(database)
  }

  /**
   * Opens the project of a folder, for this process alone. Runs that a crash cut off are marked failed.
   * @throws CribsheetError folder-missing, folder-unreadable, folder-unwritable, project-missing, project-locked,
   *   project-newer, project-damaged, disk-full
   */
  static async open(folder: string, options: OpenOptions = {}): Promise<Project> {
    const images = await resolveFolder(folder)
    const dataFolder = options.dataFolder
      ? await makeDataFolder(options.dataFolder)
      : await findDataFolder(images, options.create ?? false)
    let lock: ProjectLock | undefined
    let database: Database | undefined
    try {
      await furnish(dataFolder)
      lock = new ProjectLock(dataFolder)
      database = openDatabase(dataFolder)
      const project = new Project(images, dataFolder, lock, database)
      project.store.runs.failInterrupted()
      return project
    } catch (cause) {
      database?.close()
      lock?.release()
      throw explain(cause, dataFolder)
    }
  }

  /** Checkpoints of training. */
  get checkpointsFolder(): string {
    return join(this.dataFolder, 'checkpoints')
  }

  /** Patch tokens of images: a cache, made anew where it is deleted. */
  get featuresFolder(): string {
    return join(this.dataFolder, 'features')
  }

  /** A cache, made anew where it is deleted. */
  get thumbnailsFolder(): string {
    return join(this.dataFolder, 'thumbnails')
  }

  /** Where an image lies on the disk. */
  fileOf(image: { path: string }): string {
    return join(this.folder, ...image.path.split('/'))
  }

  /**
   * Brings the images of the store up to date with the folder.
   * @throws CribsheetError folder-empty, cancelled, disk-full
   */
  scan(options: ScanOptions = {}): Promise<ScanSummary> {
    return scan(this.folder, this.store, { ...options, leaveOut: this.dataFolder })
  }

  /** Newest first. */
  backups(): Backup[] {
    return listBackupsOf(this.dataFolder)
  }

  /** A copy of all but the objects, beside the earlier ones. @throws CribsheetError disk-full */
  backUp(reason: BackupReason = 'by-hand'): Backup {
    const folder = backupsFolder(this.dataFolder)
    const made = findBackup(folder, backUp(this.#database, folder, { reason }))
    if (made) return made
    throw new CribsheetError('backup-missing', 'The backup is gone as soon as it was made.', {
      file: folder,
      advice: 'Look for what else writes to this folder.',
    })
  }

  /** The day's backup, where it is not there yet and was not switched off. @throws CribsheetError disk-full */
  backUpDaily(): void {
    backUpDaily(this.#database, backupsFolder(this.dataFolder))
  }

  /** Whether a backup is made each day that the project is open. */
  get backsUpDaily(): boolean {
    return backsUpDaily(this.#database)
  }

  set backsUpDaily(on: boolean) {
    this.store.settings.set(dailySetting, on)
  }

  close(): void {
    this.#database.close()
    this.#lock.release()
  }
}

const dailySetting = 'dailyBackup'

function backsUpDaily(database: Database): boolean {
  return new Settings(database).get(dailySetting, z.boolean()) ?? true
}

function backUpDaily(database: Database, folder: string): void {
  if (backsUpDaily(database) && backupIsDue(folder)) backUp(database, folder)
}

async function furnish(dataFolder: string): Promise<void> {
  for (const name of ['checkpoints', 'features', 'thumbnails', 'backups']) {
    await mkdir(join(dataFolder, name), { recursive: true })
  }
  // A folder of images may be under git; what is kept here is not for it. Written each time: it shows whether one may.
  await writeFile(join(dataFolder, '.gitignore'), '*\n')
}

function openDatabase(dataFolder: string): Database {
  const file = join(dataFolder, databaseName)
  const backups = backupsFolder(dataFolder)
  removeDatabase(join(dataFolder, preparedName)) // of a restore that was killed
  let database: Database | undefined
  try {
    database = new Database(file)
    prepare(database, backups)
    return database
  } catch (cause) {
    database?.close()
    throw cause instanceof CribsheetError && cause.code === 'project-damaged' ? withBackup(cause, backups) : cause
  }
}

function prepare(database: Database, backups: string): void {
  const version = schemaVersion(database)
  if (version > 0 && version < migrations.length) backUp(database, backups, { reason: 'before-update' })
  migrate(database)
  checkTables(database)
  if (version > 0) backUpDaily(database, backups)
}

function withBackup(error: CribsheetError, backups: string): CribsheetError {
  const newest = listBackups(backups).at(0)
  return new CribsheetError('project-damaged', error.message, {
    file: error.file,
    advice: newest
      ? `The newest backup is ${newest.file}: restore it with: cribsheet backup FOLDER --restore ${newest.id}`
      : 'There is no backup yet: move project.db away to begin anew.',
    cause: error,
  })
}
