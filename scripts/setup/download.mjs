import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { explainDownload, run } from './command.mjs'
import { SetupError, showProgress } from './report.mjs'

/** @typedef {{ sha256: string, megabytes: number }} Pin */

/**
 * Downloads the one file that a command brings into an empty folder, and checks it against its pin.
 *
 * @param {string} what
 * @param {Pin} pin
 * @param {string} folder everything the command writes is under it
 * @param {{ command: (target: string) => [string, string[]], env?: NodeJS.ProcessEnv, registry: string }} source
 *   the command that writes the file into the target folder
 * @returns {Promise<string>} the file
 */
export async function downloadPinned(what, pin, folder, { command, env = process.env, registry }) {
  const target = join(folder, 'file')
  mkdirSync(target, { recursive: true })
  const [program, args] = command(target)
  const measure = () => ({ done: sizeOf(folder) / 1e6, total: pin.megabytes, unit: 'MB' })
  try {
    await showProgress(
      `downloading ${what} (${pin.megabytes} MB)`,
      () => run(program, args, { cwd: folder, env }),
      measure,
    )
  } catch (error) {
    throw explainDownload(error, what, registry)
  }
  const [name] = readdirSync(target)
  if (!name)
    throw new SetupError(`${what} was not downloaded: ${program} wrote no file.`, 'Run the same command again.')
  const file = join(target, name)
  const found = await sha256(file)
  if (found !== pin.sha256) {
    throw new SetupError(
      `${what} is not the file that was pinned: ${name} has sha256\n  ${found}, expected\n  ${pin.sha256}.`,
      `Nothing of it was used. The registry (${registry}) or something on the way changed the file.`,
    )
  }
  return file
}

/**
 * @param {string} folder the cache, or a folder in it
 * @param {number} megabytes
 * @param {string} what
 */
export async function requireSpace(folder, megabytes, what) {
  const { bavail, bsize } = await statfs(folder)
  const free = Math.floor((bavail * bsize) / 1e6)
  if (free < megabytes) {
    throw new SetupError(
      `not enough disk space for ${what}: it needs ${megabytes} MB in ${folder}, and ${free} MB are free.`,
      'Make room, or name another folder for the cache in CRIBSHEET_CACHE, then run the same command again.',
    )
  }
}

/** @param {string} file */
async function sha256(file) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/**
 * Bytes under a folder that another program is writing to.
 *
 * @param {string} folder
 * @returns {number}
 */
function sizeOf(folder) {
  let bytes = 0
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      bytes += entry.isDirectory() ? sizeOf(path) : lstatSync(path).size
    }
  } catch {
    // a file that was renamed or removed this moment
  }
  return bytes
}
