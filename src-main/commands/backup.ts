import type { Command } from 'commander'
import type { Backup, BackupReason } from '../contract/index.ts'
import { findProjectData, listBackupsOf, locateBackup, restoreBackup } from '../workflow/index.ts'
import { perform, type Outcome } from './command.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'
import type { Terminal } from './terminal.ts'

interface BackupCommandOptions extends ProjectOptions {
  list?: true
  restore?: string
}

export function backupCommand(): Command {
  return newProjectCommand('backup', 'back up the project, list its backups, or put one in its place')
    .option('--list', 'list the backups, newest first; the project may be open elsewhere, or damaged')
    .option('--restore <id>', 'put this backup (its id from the list, or a file) in the place of the project')
    .action((folder: string, { list, restore, ...options }: BackupCommandOptions) => {
      if (restore !== undefined) return performRestore(folder, restore, options)
      return list ? performList(folder, options) : performBackup(folder, options)
    })
}

function performBackup(folder: string, options: ProjectOptions): Promise<void> {
  return performOnProject(folder, options, ({ terminal, project }) => {
    const made = project.backUp('by-hand')
    terminal.print(`${made.file}: ${describeContents(made)}`)
    return { result: { made } }
  })
}

function performList(folder: string, { data, ...options }: ProjectOptions): Promise<void> {
  return perform(options, async ({ terminal }): Promise<Outcome> => {
    const backups = listBackupsOf(await findProjectData(folder, data))
    for (const backup of backups) terminal.print(describe(backup))
    if (backups.length === 0) terminal.print('no backups yet')
    return { result: { backups } }
  })
}

function performRestore(folder: string, which: string, { data, ...options }: ProjectOptions): Promise<void> {
  return perform(options, async ({ terminal, operation }): Promise<Outcome> => {
    const dataFolder = await findProjectData(folder, data)
    const done = restoreBackup(dataFolder, locateBackup(dataFolder, which), operation.onProgress)
    terminal.print(`restored ${done.restored}`)
    tellWhatWasThere(terminal, done.before, done.damaged)
    return { result: done }
  })
}

function tellWhatWasThere(terminal: Terminal, before: Backup | null, damaged: string | null): void {
  if (before) terminal.print(`  what was there before: --restore ${before.id}`)
  if (damaged !== null) terminal.print(`  the damaged database is kept in ${damaged}`)
}

const reasons: Record<BackupReason, string> = {
  daily: 'daily',
  'by-hand': 'by hand',
  'before-restore': 'before a restore',
  'before-update': 'before an update',
}

function describe(backup: Backup): string {
  return `${backup.id}  ${reasons[backup.reason]}  ${describeContents(backup)}`
}

function describeContents({ contents, bytes }: Backup): string {
  if (!contents) return 'cannot be read'
  const { images, classes, accepted, drafts } = contents
  return `${images} images, ${classes} classes, ${accepted} annotations, ${drafts} proposals, ${(bytes / 1e6).toFixed(1)} MB`
}
