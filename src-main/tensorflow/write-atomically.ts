import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CribsheetError } from '../contract/index.ts'

/**
 * Writes the parts, as they come, one after the other into a new file beside the target, brings it to the disk, then renames it.
 *
 * @throws CribsheetError disk-full, folder-unwritable; the target is then as it was.
 */
export function writeAtomically(path: string, parts: Iterable<Uint8Array>): void {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`
  try {
    writeDurably(temporary, parts)
    renameSync(temporary, path)
    syncFolder(dirname(path))
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw notWritten(path, cause)
  }
}

function writeDurably(path: string, parts: Iterable<Uint8Array>): void {
  const descriptor = openSync(path, 'wx')
  try {
    for (const part of parts) {
      for (let done = 0; done < part.length;)
        done += writeSync(descriptor, part, done, Math.min(part.length - done, 2 ** 30))
    }
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The rename itself survives a power cut only once the folder is on the disk. Windows cannot open a folder. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What the disk did not like; an error of whoever makes the parts stays what it is. */
function notWritten(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'syscall' in cause)) return cause
  const full = 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')
  return full
    ? new CribsheetError('disk-full', 'The disk is full.', {
        file: path,
        advice: 'Free some space and try again.',
        cause,
      })
    : new CribsheetError('folder-unwritable', `The file cannot be written: ${cause.message}`, {
        file: path,
        advice: 'Choose a folder that you may write to.',
        cause,
      })
}
