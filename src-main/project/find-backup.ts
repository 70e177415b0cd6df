import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

import { CribsheetError, type Backup } from '../contract/index.ts'
import { backupsFolder } from './location.ts'
import { contentsOf, listBackups } from './store/backup.ts'

/** Backups of a project that need not be open, and may be damaged. Newest first. */
export function listBackupsOf(dataFolder: string): Backup[] {
  return listBackups(backupsFolder(dataFolder)).map((backup) => ({ ...backup, contents: contentsOf(backup.file) }))
}

/**
 * The file of a backup.
 * @param which its id, or as much of its beginning as no other has; or a file
 * @throws CribsheetError backup-missing
 */
export function locateBackup(dataFolder: string, which: string): string {
  const all = listBackups(backupsFolder(dataFolder))
  const found = all.filter(({ id }) => id === which)
  const named = found.length > 0 ? found : all.filter(({ id }) => which !== '' && id.startsWith(which))
  if (named.length === 1) return named[0].file
  if (named.length === 0 && existsSync(which)) return resolve(which)
  throw new CribsheetError(
    'backup-missing',
    named.length > 1 ? `${named.length} backups begin with "${which}".` : `There is no backup "${which}".`,
    { file: backupsFolder(dataFolder), advice: 'Look at the list of backups: cribsheet backup FOLDER --list' },
  )
}
