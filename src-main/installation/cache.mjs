// Plain JavaScript, as set-up reads it on a Node that is too old for TypeScript and before anything is installed.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * The folder outside the checkout for what set-up downloads and builds, shared by all clones. Its parts are named by their
 * content (version and hash), so that nothing in it is ever changed: a part is there and whole, or not there.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {NodeJS.Platform} platform
 * @returns {string}
 */
export function cacheFolder(environment = process.env, platform = process.platform) {
  if (environment.CRIBSHEET_CACHE) return resolve(environment.CRIBSHEET_CACHE)
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'cribsheet', 'cache')
  }
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, 'cribsheet')
  return platform === 'darwin'
    ? join(homedir(), 'Library', 'Caches', 'cribsheet')
    : join(homedir(), '.cache', 'cribsheet')
}
