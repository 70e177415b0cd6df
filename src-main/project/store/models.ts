import { z } from 'zod'

import { json } from './columns.ts'
import type { Database } from './database.ts'

/** Weights together with how tokens and objects are made from them: what these depend on. */
export interface Model {
  id: number
  /** Two models with the same fingerprint compute the same. */
  fingerprint: string
  name: string
  details: Record<string, unknown>
  /** Milliseconds since 1970. */
  createdAt: number
}

const modelRow = z
  .object({
    id: z.int(),
    fingerprint: z.string(),
    name: z.string(),
    details: json(z.record(z.string(), z.unknown())),
    created_at: z.number(),
  })
  .transform(({ created_at, ...row }): Model => ({ ...row, createdAt: created_at }))

export class Models {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The model with this fingerprint; a new one where there is none yet. */
  register(model: Pick<Model, 'fingerprint' | 'name' | 'details'>): Model {
    const { fingerprint, name } = model
    return this.#database.transaction(() => {
      this.#database
        .command(
          `INSERT INTO model (fingerprint, name, details, created_at) VALUES (:fingerprint, :name, :details, :createdAt)
           ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name, details = excluded.details`,
        )
        .run({ fingerprint, name, details: JSON.stringify(model.details), createdAt: Date.now() })
      return this.#database
        .query('SELECT * FROM model WHERE fingerprint = :fingerprint', modelRow)
        .all({ fingerprint })[0]
    })
  }

  get(id: number): Model | undefined {
    return this.#database.query('SELECT * FROM model WHERE id = :id', modelRow).get({ id })
  }

  all(): Model[] {
    return this.#database.query('SELECT * FROM model ORDER BY id', modelRow).all()
  }

  /** Removes the model with its objects; its id is not used again. */
  remove(id: number): void {
    this.#database.command('DELETE FROM model WHERE id = :id').run({ id })
  }
}
