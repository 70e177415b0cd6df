import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '../contract/index.ts'
import { UserFile } from './user-file.ts'

const most = 12

const fileSchema = z.array(z.object({ folder: z.string(), openedAt: z.number() }))
type Entries = z.infer<typeof fileSchema>

/** The folders that were opened last. */
export class RecentProjects {
  readonly #file: UserFile<Entries>

  constructor(userFolder: string) {
    this.#file = new UserFile(join(userFolder, 'recent.json'), fileSchema, [])
  }

  /** Newest first. */
  async all(): Promise<RecentProject[]> {
    const entries = await this.#file.read()
    return entries.map((entry) => ({ ...entry, name: basename(entry.folder), missing: !existsSync(entry.folder) }))
  }

  add(folder: string): Promise<void> {
    return this.#update((entries) => [
      { folder, openedAt: Date.now() },
      ...entries.filter((entry) => entry.folder !== folder),
    ])
  }

  remove(folder: string): Promise<void> {
    return this.#update((entries) => entries.filter((entry) => entry.folder !== folder))
  }

  /** Where it cannot be written, the list stays as it was: opening a project does not fail for that. */
  async #update(change: (entries: Entries) => Entries): Promise<void> {
    try {
      await this.#file.update((entries) => change(entries).slice(0, most))
    } catch (error) {
      console.warn('The list of recent projects could not be written.', error)
    }
  }
}
