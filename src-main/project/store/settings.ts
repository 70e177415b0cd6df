import { z } from 'zod'

import { json } from './columns.ts'
import type { Database } from './database.ts'

/** Values by name, as JSON; the reader says what it expects. */
export class Settings {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  get<Value>(key: string, schema: z.ZodType<Value>): Value | undefined {
    const row = z.object({ value: json(schema) })
    return this.#database.query('SELECT value FROM setting WHERE key = :key', row).get({ key })?.value
  }

  set(key: string, value: unknown): void {
    this.#database
      .command(
        'INSERT INTO setting (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      .run({ key, value: JSON.stringify(value) })
  }

  remove(key: string): void {
    this.#database.command('DELETE FROM setting WHERE key = :key').run({ key })
  }
}
