import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache.mjs'

/** What lies in the cache: whole parts only, not what is being made or locked. */
export function cachedParts(folder = cacheFolder()): { name: string; megabytes: number }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name !== 'locks' && name !== 'staging')
    .map((name) => ({ name, megabytes: Math.ceil(bytesUnder(join(folder, name)) / 1e6) }))
}

function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
