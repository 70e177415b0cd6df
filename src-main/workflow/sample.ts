import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CribsheetError } from '../contract/index.ts'

/** Beside src-main, and beside out: two or three folders up. @throws CribsheetError installation-incomplete */
export function sampleFolder(): string {
  const candidates = ['../..', '../../..'].map((up) => resolve(import.meta.dirname, up, 'resources', 'sample'))
  const found = candidates.find((folder) => existsSync(join(folder, 'masks', 'classes.txt')))
  if (found !== undefined) return found
  throw new CribsheetError('installation-incomplete', 'The sample folder is not there.', {
    file: candidates[0],
    advice: 'Clone the repository again, with its resources folder.',
  })
}

/** @throws CribsheetError installation-incomplete, folder-unwritable */
export async function copySampleImages(target: string): Promise<void> {
  const source = join(sampleFolder(), 'images')
  try {
    await mkdir(target, { recursive: true })
    for (const name of await readdir(source)) await copyFile(join(source, name), join(target, name))
  } catch (cause) {
    throw new CribsheetError('folder-unwritable', 'The sample images cannot be copied there.', {
      file: target,
      advice: 'Check the permissions of the folder, or name another one.',
      cause,
    })
  }
}
