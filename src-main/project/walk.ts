import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join, posix } from 'node:path'

import { throwIfCancelled } from '../contract/index.ts'
import { imageExtensions } from '../images/index.ts'
import { codeOf } from './location.ts'

/** A file that looks like an image by its name. */
export interface FoundFile {
  /** POSIX, relative to the folder. */
  path: string
  bytes: number
  /** Milliseconds since 1970. */
  modifiedAt: number
}

export interface Walk {
  /** In the order of their paths. */
  files: FoundFile[]
  /** Subfolders and files that could not be looked into: what is there is unknown, not gone. */
  unreadable: string[]
}

/** Files whose size and time are asked for at once. */
const atOnce = 32

/**
 * All image files under a folder. Hidden files and folders are passed over. Links are followed, after all else, so
 * that a folder keeps its own path; a folder that is reached twice is entered once, which ends loops.
 * @param options.leaveOut a folder that is not entered
 * @throws CribsheetError cancelled
 */
export async function walk(folder: string, options: { signal?: AbortSignal; leaveOut: string }): Promise<Walk> {
  const found: Walk = { files: [], unreadable: [] }
  const entered = new Set([await identityOf(options.leaveOut)])
  const folders = ['']
  const links: string[] = []
  for (let path = folders.pop(); path !== undefined; path = folders.pop() ?? links.shift()) {
    throwIfCancelled(options.signal)
    const inside = await visit(folder, path, entered, found)
    folders.push(...inside.folders)
    links.push(...inside.links)
  }
  found.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return found
}

async function identityOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true })
  return `${dev}:${ino}`
}

/** Notes the images in a folder. @returns its subfolders, and the links to folders in it */
async function visit(
  folder: string,
  path: string,
  entered: Set<string>,
  found: Walk,
): Promise<{ folders: string[]; links: string[] }> {
  const inside = { folders: [] as string[], links: [] as string[] }
  let entries: Dirent[]
  try {
    const identity = await identityOf(join(folder, path))
    if (entered.has(identity)) return inside
    entered.add(identity)
    entries = await readdir(join(folder, path), { withFileTypes: true })
  } catch {
    found.unreadable.push(path)
    return inside
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (let i = 0; i < visible.length; i += atOnce) {
    const part = visible.slice(i, i + atOnce)
    const looks = await Promise.all(part.map((entry) => look(folder, posix.join(path, entry.name), entry)))
    looks.forEach((seen, k) => {
      const inner = posix.join(path, part[k].name)
      if (seen === 'folder') inside[part[k].isDirectory() ? 'folders' : 'links'].push(inner)
      else if (seen === 'unreadable') found.unreadable.push(inner)
      else if (seen) found.files.push(seen)
    })
  }
  return inside
}

/** Null for what is neither an image file nor a folder. */
async function look(folder: string, path: string, entry: Dirent): Promise<FoundFile | 'folder' | 'unreadable' | null> {
  if (entry.isDirectory()) return 'folder'
  const isImage = imageExtensions.has(extname(entry.name).toLowerCase())
  if (!entry.isSymbolicLink() && !(entry.isFile() && isImage)) return null
  try {
    const stats = await stat(join(folder, path))
    if (stats.isDirectory()) return 'folder'
    return stats.isFile() && isImage ? { path, bytes: stats.size, modifiedAt: stats.mtimeMs } : null
  } catch (cause) {
    const leadsNowhere = ['ENOENT', 'ELOOP'].includes(codeOf(cause))
    return leadsNowhere || !isImage ? null : 'unreadable'
  }
}
