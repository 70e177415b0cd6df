// What set-up says. All of it goes to the error stream: the output stream belongs to the command that follows.
// Plain JavaScript, as all of set-up that runs before a current Node and the dependencies are there.

import { clearInterval, setInterval } from 'node:timers'

/** A step that could not be done: what is missing, and what the person can type. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {string} advice
   * @param {{ cause?: unknown }} options
   */
  constructor(message, advice, options = {}) {
    super(message, options)
    this.advice = advice
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** @typedef {{ done: number, total: number, unit: string }} Amount */

/**
 * Names a step, shows how far it is while it runs, and how long it took: a bar on a terminal, now and then a line in a log.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} step
 * @param {(() => Amount) | null} measure
 * @returns {Promise<T>}
 */
export async function showProgress(title, step, measure = null) {
  const terminal = process.stderr.isTTY
  const started = Date.now()
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  const state = () => `  ${measure ? `${drawBar(measure(), terminal)}, ` : ''}${seconds()}`
  say(`set-up: ${title}`)
  const timer = setInterval(
    () => (terminal ? process.stderr.write(`\r\x1b[K${state()}`) : say(state())),
    terminal ? 200 : measure ? 10_000 : 30_000,
  )
  try {
    const result = await step()
    clearInterval(timer)
    say(`${terminal ? '\r\x1b[K' : ''}  done in ${seconds()}`)
    return result
  } finally {
    clearInterval(timer)
    if (terminal) process.stderr.write('\r\x1b[K')
  }
}

/**
 * @param {Amount} amount
 * @param {boolean} withBar
 */
function drawBar({ done, total, unit }, withBar) {
  const share = Math.min(1, done / total)
  const filled = Math.round(share * 24)
  const bar = withBar ? `[${'#'.repeat(filled)}${'.'.repeat(24 - filled)}] ` : ''
  return `${bar}${Math.round(done)} of about ${total} ${unit}`
}

/**
 * Says a failure so that the person can act on it.
 *
 * @param {unknown} error
 */
export function sayFailure(error) {
  const { message, advice } = error instanceof SetupError ? error : explain(error)
  say(`\nset-up failed: ${message}`)
  for (const line of advice.split('\n')) say(`  ${line}`)
}

/**
 * @param {unknown} error
 * @returns {{ message: string, advice: string }}
 */
function explain(error) {
  if (!(error instanceof Error)) return { message: String(error), advice: 'Run the same command again.' }
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error)
  if (code === 'ENOSPC') {
    return {
      message: `the disk is full${path ? `: ${path}` : ''}.`,
      advice: 'Make room, or name another folder for the cache in CRIBSHEET_CACHE, then run the same command again.',
    }
  }
  if (path && (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')) {
    return {
      message: `${path} cannot be written (${code}).`,
      advice: 'Make it writable, or name another folder for the cache in CRIBSHEET_CACHE.',
    }
  }
  return { message: error.stack ?? error.message, advice: 'Run the same command again.' }
}
