import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** Something small that is kept for the user, whatever project is open, in a JSON file. */
export class UserFile<Content> {
  readonly #file: string
  readonly #schema: z.ZodType<Content>
  readonly #empty: Content
  /** Writes, one after the other. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(file: string, schema: z.ZodType<Content>, empty: Content) {
    this.#file = file
    this.#schema = schema
    this.#empty = empty
  }

  /** A file that is missing or damaged is an empty one: nothing depends on it. */
  async read(): Promise<Content> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#file, 'utf8')))
    } catch {
      return this.#empty
    }
  }

  /** Rejects with what the system says where the file cannot be written. */
  update(change: (content: Content) => Content): Promise<void> {
    const written = this.#writing.then(async () => {
      const changed = change(await this.read())
      await mkdir(dirname(this.#file), { recursive: true })
      await writeFile(`${this.#file}.part`, JSON.stringify(changed))
      await rename(`${this.#file}.part`, this.#file)
    })
    this.#writing = written.catch(() => undefined)
    return written
  }
}
