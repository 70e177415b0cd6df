import { createHash } from 'node:crypto'
import { mkdir, opendir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'

import { CribsheetError } from '../contract/index.ts'

const dataFolderName = '.cribsheet'
/** Of the store, in the data folder. */
export const databaseName = 'project.db'

export const backupsFolder = (dataFolder: string) => join(dataFolder, 'backups')

/**
 * The folder of images by its one true path.
 * @throws CribsheetError folder-missing, folder-unreadable
 */
export async function resolveFolder(folder: string): Promise<string> {
  try {
    const resolved = await realpath(folder)
    if (!(await stat(resolved)).isDirectory()) {
      throw new CribsheetError('folder-missing', 'This is a file, not a folder.', {
        file: folder,
        advice: 'Name the folder that the images are in.',
      })
    }
    const opened = await opendir(resolved)
    await opened.close()
    await stat(join(resolved, '.')) // may be listed, but not entered
    return resolved
  } catch (cause) {
    if (cause instanceof CribsheetError) throw cause
    if (codeOf(cause) === 'ENOENT') {
      throw new CribsheetError('folder-missing', 'There is no such folder.', {
        file: folder,
        advice: 'Check the spelling, or whether the disk is there.',
        cause,
      })
    }
    throw new CribsheetError('folder-unreadable', 'The folder cannot be read.', {
      file: folder,
      advice: 'Check the permissions of the folder.',
      cause,
    })
  }
}

/**
 * Where the project of a folder is kept: `.cribsheet` in it, or a folder of the user's own where that cannot be
 * written.
 * @param create make it where there is none
 * @throws CribsheetError project-missing, folder-unwritable, disk-full
 */
export async function findDataFolder(folder: string, create: boolean): Promise<string> {
  const inside = join(folder, dataFolderName)
  const outside = join(usersDataFolder(), 'projects', `${basename(folder)}-${shortHash(folder)}`)
  for (const place of [inside, outside]) {
    if (await exists(place)) return place
  }
  if (!create) throw projectMissing(folder)
  const made = (await makeFolder(inside)) ?? (await makeFolder(outside))
  if (made === null) throw unwritable(outside)
  return made
}

/**
 * Where the project of a folder keeps its data, without opening it.
 * @param dataFolder where that was said
 * @throws CribsheetError folder-missing, folder-unreadable, project-missing
 */
export async function locateProject(folder: string, dataFolder?: string): Promise<string> {
  const found = dataFolder ?? (await findDataFolder(await resolveFolder(folder), false))
  if (await exists(join(found, databaseName))) return found
  throw projectMissing(folder)
}

/**
 * As locateProject, for what may be done without a database, or with a damaged one.
 * @throws CribsheetError folder-missing, folder-unreadable, project-missing
 */
export async function findProjectData(folder: string, dataFolder?: string): Promise<string> {
  if (dataFolder === undefined) return findDataFolder(await resolveFolder(folder), false)
  if (await exists(dataFolder)) return dataFolder
  throw projectMissing(folder)
}

/** @throws CribsheetError folder-unwritable, disk-full */
export async function makeDataFolder(folder: string): Promise<string> {
  const made = await makeFolder(folder)
  if (made === null) throw unwritable(folder)
  return made
}

function projectMissing(folder: string): CribsheetError {
  return new CribsheetError('project-missing', 'There is no project in this folder yet.', {
    file: folder,
    advice: 'Make one with: cribsheet open FOLDER',
  })
}

function unwritable(folder: string, cause?: unknown): CribsheetError {
  return new CribsheetError('folder-unwritable', 'The project cannot be written.', {
    file: folder,
    advice: 'Check the permissions of the folder, or copy the images with their project to where you may write.',
    cause,
  })
}

/** Null where one may not write there. */
async function makeFolder(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true })
    return folder
  } catch (cause) {
    if (notAllowed.has(codeOf(cause))) return null
    throw explain(cause, folder)
  }
}

const notAllowed = new Set(['EACCES', 'EPERM', 'EROFS'])

/** An error of the file system in writing to a folder, for a person; anything else stays as it is. */
export function explain(cause: unknown, folder: string): unknown {
  if (notAllowed.has(codeOf(cause))) return unwritable(folder, cause)
  if (!['ENOSPC', 'EDQUOT'].includes(codeOf(cause))) return cause
  return new CribsheetError('disk-full', 'The project cannot be written: the disk or the quota is full.', {
    file: folder,
    advice: 'Free some space and try again.',
    cause,
  })
}

/** The platform's place for what programs keep for a user. */
export function usersDataFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Cribsheet')
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'Cribsheet')
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'cribsheet')
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** The code of an error of the file system, such as ENOENT. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
