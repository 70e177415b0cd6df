import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../installation/index.ts'
import { downloadJob, type Engine } from '../jobs/index.ts'
import type { Operation } from './operation.ts'

/** KU Leuven's repository, where the authors of CrIBo have put their checkpoints; CRIBSHEET_WEIGHTS_ADDRESS names a mirror of it. */
const ADDRESS = 'https://rdr.kuleuven.be/api/access/datafile/'

/** The number of each checkpoint's file there. */
const publishedFiles: Partial<Record<string, string>> = {
  'cribo-coco-vit-s': '159667',
  'cribo-imagenet-vit-s': '159665',
  'cribo-imagenet-vit-b': '159666',
}

export const publishedNames = Object.keys(publishedFiles)

const folder = () => join(cacheFolder(), 'weights')

/** With whether they are on this machine already. */
export function listPublished(): { name: string; here: boolean }[] {
  return publishedNames.map((name) => ({ name, here: existsSync(join(folder(), `${name}.safetensors`)) }))
}

export function isPublished(name: string): boolean {
  return publishedNames.includes(name)
}

/**
 * Downloads published weights into the cache, where they are not there yet.
 *
 * @returns the file
 * @throws CribsheetError download-failed, weights-damaged, weights-hostile, disk-full, folder-unwritable, cancelled
 */
export async function fetchPublished(engine: Engine, name: string, operation: Operation = {}): Promise<string> {
  const base = process.env.CRIBSHEET_WEIGHTS_ADDRESS ?? ADDRESS
  const address = `${base.replace(/\/*$/, '/')}${publishedFiles[name] ?? name}`
  const { file } = await engine.run(downloadJob, { name, address, folder: folder() }, operation)
  return file
}
