import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '../contract/index.ts'

const most = 12

const fileSchema = z.array(z.object({ folder: z.string(), openedAt: z.number() }))
type Entries = z.infer<typeof fileSchema>

/** The folders that were opened last, in a file of the user's. */
export class RecentProjects {
  readonly #folder: string
  /** Writes, one after the other. */
  #writing: Promise<void> = Promise.resolve()

  constructor(userFolder: string) {
    this.#folder = userFolder
  }

  /** Newest first. */
  async all(): Promise<RecentProject[]> {
    const entries = await this.#read()
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

  get #file(): string {
    return join(this.#folder, 'recent.json')
  }

  /** A file that is missing or damaged is an empty list: nothing depends on it. */
  async #read(): Promise<Entries> {
    try {
      return fileSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')))
    } catch {
      return []
    }
  }

  /** Where it cannot be written, the list stays as it was: opening a project does not fail for that. */
  #update(change: (entries: Entries) => Entries): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        const changed = change(await this.#read()).slice(0, most)
        await mkdir(this.#folder, { recursive: true })
        await writeFile(`${this.#file}.part`, JSON.stringify(changed))
        await rename(`${this.#file}.part`, this.#file)
      } catch (error) {
        console.warn('The list of recent projects could not be written.', error)
      }
    })
    return this.#writing
  }
}
