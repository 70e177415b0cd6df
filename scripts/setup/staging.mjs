import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isHeld, withLock } from './lock.mjs'

/**
 * Makes a folder of the cache once: in a staging folder beside it, renamed into place when whole. So a set-up that is killed at any
 * point leaves nothing half done, and two set-ups at once do the work once.
 *
 * @param {string} folder where it belongs
 * @param {(staging: string) => Promise<void>} make fills the staging folder
 */
export async function makeOnce(folder, make) {
  if (existsSync(folder)) return
  const cache = dirname(folder)
  const lockOf = (/** @type {string} */ part) => join(cache, 'locks', `${part}.lock`)
  await withLock(lockOf(basename(folder)), async () => {
    if (existsSync(folder)) return // made by the set-up that held the lock before
    const stagingRoot = join(cache, 'staging')
    removeStaged(stagingRoot, (part) => part !== basename(folder) && !isHeld(lockOf(part)))
    await replaceFolder(folder, stagingRoot, make)
  })
}

/**
 * Makes a folder anew, whole or not at all, in the place of the one that may be there. The caller holds the folder's lock.
 *
 * @param {string} folder
 * @param {string} stagingRoot on the same file system
 * @param {(staging: string) => Promise<void>} make
 */
export async function replaceFolder(folder, stagingRoot, make) {
  const stage = () => join(stagingRoot, `${basename(folder)}.${randomUUID()}`)
  const removeOwn = () => removeStaged(stagingRoot, (part) => part === basename(folder))
  removeOwn()
  const staging = stage()
  mkdirSync(staging, { recursive: true })
  try {
    await make(staging)
    if (existsSync(folder)) renameSync(folder, stage())
    renameSync(staging, folder)
  } finally {
    removeOwn()
  }
}

/**
 * @param {string} stagingRoot
 * @param {(part: string) => boolean} isLeftover
 */
function removeStaged(stagingRoot, isLeftover) {
  if (!existsSync(stagingRoot)) return
  for (const entry of readdirSync(stagingRoot)) {
    if (isLeftover(entry.slice(0, entry.lastIndexOf('.')))) {
      rmSync(join(stagingRoot, entry), { recursive: true, force: true, maxRetries: 3 })
    }
  }
}
