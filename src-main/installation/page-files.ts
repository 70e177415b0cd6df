import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { CribsheetError } from '../contract/index.ts'

/** A file of the page, ready to be sent. */
export interface PageFile {
  file: string
  /** Its media type. */
  type: string
  etag: string
  /** How long it may be kept without asking. */
  cacheControl: string
}

const types: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The files of the page by their address: nothing else is ever sent. @throws CribsheetError installation-incomplete */
export function listPageFiles(folder = pageFolder()): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const [path, file] of walk(folder, '')) {
    const type = types[extname(file)]
    if (type === undefined) continue
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 32)
    // The names of what is in assets/ change with their content.
    const cacheControl = path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache'
    files.set(path === '/index.html' ? '/' : path, { file, type, etag: `"${hash}"`, cacheControl })
  }
  return files
}

/** Every file under a folder, with its path from there. */
function* walk(folder: string, path: string): Generator<[string, string]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const inside = `${path}/${entry.name}`
    if (entry.isDirectory()) yield* walk(join(folder, entry.name), inside)
    else yield [inside, join(folder, entry.name)]
  }
}

/** Beside the built program: one or two folders up. */
function pageFolder(): string {
  const places = ['../renderer', '../../renderer', '../../out/renderer']
  const candidates = places.map((place) => resolve(import.meta.dirname, place))
  const found = candidates.find((folder) => existsSync(join(folder, 'index.html')))
  if (found !== undefined) return found
  throw new CribsheetError('installation-incomplete', 'The page of the program is not built.', {
    file: candidates[0],
    advice: 'Run npm start once: it builds it.',
  })
}
