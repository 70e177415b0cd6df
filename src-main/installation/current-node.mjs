// Plain JavaScript, as set-up reads it on a Node that is too old for TypeScript and before anything is installed.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache.mjs'

const version = '24.21.0'

/**
 * Node as an npm package, by platform and architecture. There is none for macOS: there a current Node must be installed.
 *
 * @type {Record<string, { sha256: string, megabytes: number } | undefined>}
 */
const packages = {
  'linux-x64': { sha256: '61ecf27ad70afee991b671c28561eb497028294a67d132f9bbaac9ad73f81d3b', megabytes: 53 },
  'linux-arm64': { sha256: 'fba3076c16d21e5d814577436bdcb782b9b66bed09c6fa8278298e8933288bbb', megabytes: 52 },
  'win32-x64': { sha256: '122871af42e9a8e53898565bda31e0dfe9765d48ffc878de83dee2c919c8f7f2', megabytes: 35 },
}

/**
 * Whether this Node can run Cribsheet: better-sqlite3 needs Node-API 10, and crashes the process where it is older;
 * our own code needs Float16Array, which Node has since 24.
 *
 * @returns {boolean}
 */
export function isNodeCurrent() {
  return Number(process.versions.napi) >= 10 && 'Float16Array' in globalThis
}

/**
 * The Node that set-up brings where the one at hand is too old, or null where none is known for this machine.
 *
 * @param {string} cache
 * @returns {{ spec: string, sha256: string, megabytes: number, folder: string, executable: string } | null}
 */
export function pinnedNode(cache = cacheFolder()) {
  const name = `${process.platform}-${process.arch}`
  const pin = packages[name]
  if (!pin) return null
  const folder = join(cache, `node-${version}-${pin.sha256.slice(0, 12)}`)
  return {
    spec: `node-${name.replace('win32', 'win')}@${version}`,
    ...pin,
    folder,
    executable: join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  }
}

/**
 * The executable of a current Node: this one, or the one that set-up brought; null where there is neither.
 *
 * @returns {string | null}
 */
export function currentNode() {
  if (isNodeCurrent()) return process.execPath
  const pinned = pinnedNode()
  return pinned && existsSync(pinned.executable) ? pinned.executable : null
}

/**
 * The executable of a Node for a process that this one starts. An Electron is never it, though it can run as Node: one that is
 * released refuses to. There it is the Node of `npm start`, or the one that set-up brought.
 *
 * @param {boolean} inElectron
 * @returns {string | null}
 */
export function nodeForChild(inElectron = 'electron' in process.versions) {
  if (!inElectron) return currentNode()
  const known = [process.env.CRIBSHEET_NODE, pinnedNode()?.executable]
  return known.find((each) => each !== undefined && existsSync(each)) ?? null
}
