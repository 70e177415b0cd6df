import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CribsheetError, type ErrorCode } from '../contract/index.ts'

const knownErrors: Record<string, { code: ErrorCode; message: string; advice: string }> = {
  ENOSPC: { code: 'disk-full', message: 'The disk is full.', advice: 'Make room on the disk, then try again.' },
  EDQUOT: { code: 'disk-full', message: 'Your share of the disk is full.', advice: 'Make room, then try again.' },
  EACCES: {
    code: 'folder-unwritable',
    message: 'The file may not be written there.',
    advice: 'Choose another folder.',
  },
  EPERM: { code: 'folder-unwritable', message: 'The file may not be written there.', advice: 'Choose another folder.' },
  EROFS: { code: 'folder-unwritable', message: 'The disk is read-only.', advice: 'Choose another folder.' },
  ENOENT: {
    code: 'folder-missing',
    message: 'There is no such folder.',
    advice: 'Make the folder, or choose another.',
  },
  EISDIR: { code: 'argument-invalid', message: 'This is a folder, not a file.', advice: 'Give the name of a file.' },
}

function describeError(error: unknown, file: string): unknown {
  const known = error instanceof Error && 'code' in error ? knownErrors[String(error.code)] : undefined
  return known ? new CribsheetError(known.code, known.message, { file, advice: known.advice, cause: error }) : error
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return // folders cannot be opened there
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * The file appears complete or not at all, also through a crash or a power cut: written beside its place, checked, moved there.
 *
 * @param check looks at the finished file before it gets its name
 * @throws CribsheetError disk-full, folder-unwritable, folder-missing
 */
export async function writeAtomically<Checked>(
  target: string,
  write: (file: FileHandle) => Promise<void>,
  check: (temporary: string) => Promise<Checked>,
): Promise<Checked> {
  const temporary = `${target}.partial`
  try {
    const file = await open(temporary, 'w')
    try {
      await write(file)
      await file.sync()
    } finally {
      await file.close()
    }
    const checked = await check(temporary)
    await rename(temporary, target)
    await syncFolder(dirname(target))
    return checked
  } catch (error) {
    await rm(temporary, { force: true })
    throw describeError(error, target)
  }
}
