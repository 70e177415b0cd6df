import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'
import { setTimeout as delay } from 'node:timers/promises'
import { say, SetupError } from './report.mjs'

const heartbeatMilliseconds = 5_000
/** An owner that was not heard of for so long is taken for dead, also on another machine or behind a pid used again. */
const silenceMilliseconds = 60_000

/** @typedef {{ token: string, host: string, pid: number }} Owner */

/**
 * The lock on what lies in a checkout: its dependencies and what is built from it.
 *
 * @param {string} cache
 * @param {string} root
 */
export function checkoutLock(cache, root) {
  return join(cache, 'locks', `checkout-${createHash('sha256').update(root).digest('hex').slice(0, 12)}.lock`)
}

/**
 * Runs the task while no other set-up, on this machine or another, holds the lock of that file. A lock whose owner died is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withLock(file, task) {
  const mine = { token: randomUUID(), host: hostname(), pid: process.pid }
  makeFolder(dirname(file))
  let told = false
  while (!take(file, mine)) {
    if (!told)
      say(`set-up: waiting for another set-up (process ${readOwner(file)?.pid ?? 'unknown'}), which holds ${file}`)
    told = true
    await delay(200)
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMilliseconds)
  try {
    return await task()
  } finally {
    clearInterval(heartbeat)
    if (readOwner(file)?.token === mine.token) rmSync(file, { force: true })
  }
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new SetupError(
      `the cache cannot be written: ${folder} (${/** @type {NodeJS.ErrnoException} */ (cause).code}).`,
      'Name a folder that can be written in CRIBSHEET_CACHE, then run the same command again.',
      { cause },
    )
  }
}

/**
 * Whether a living set-up holds the lock.
 *
 * @param {string} file
 */
export function isHeld(file) {
  const age = ageOf(file)
  if (age === null || age > silenceMilliseconds) return false
  const owner = readOwner(file)
  if (owner === null) return true // created this moment and not yet written
  return owner.host !== hostname() || isAlive(owner.pid)
}

/**
 * One try. A dead owner's lock may be replaced only by the one that holds the lock on replacing it (which may itself be left by a
 * dead one), so two cannot take over at once.
 *
 * @param {string} file
 * @param {Owner} mine
 * @returns {boolean}
 */
function take(file, mine) {
  if (create(file, mine)) return true
  if (isHeld(file)) return false
  const dead = readOwner(file)?.token ?? 'unknown'
  const takeover = `${file}.${dead}`
  if (!take(takeover, mine)) return false
  const unchanged = (readOwner(file)?.token ?? 'unknown') === dead && !isHeld(file)
  if (unchanged) renameSync(takeover, file)
  else rmSync(takeover, { force: true })
  return unchanged
}

/**
 * @param {string} file
 * @param {Owner} owner
 */
function create(file, owner) {
  try {
    writeFileSync(file, JSON.stringify(owner), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} file
 * @returns {Owner | null}
 */
function readOwner(file) {
  try {
    const { token, host, pid } = JSON.parse(readFileSync(file, 'utf8'))
    return { token: String(token), host: String(host), pid: Number(pid) }
  } catch {
    return null // gone, or not yet written
  }
}

/**
 * @param {string} file
 * @returns {number | null} milliseconds since the owner's last sign of life
 */
function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return null
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date())
  } catch {
    // taken over: what is being made is still put in place whole, only the work is done twice
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
