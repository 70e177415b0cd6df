import { z } from 'zod'

import type { Database } from './database.ts'

const revisionRow = z.object({ revision: z.int() }).transform(({ revision }) => revision)

/**
 * How often the annotations and negatives of each image have changed since the project was opened: who knows the revision of what
 * it has seen can tell whether that is still so. Counted by SQLite's triggers, so no part of the store can forget to.
 */
export class Revisions {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    database.execute(
      'CREATE TEMP TABLE image_revision (image_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL) STRICT',
    )
    for (const table of ['annotation', 'negative']) {
      this.#count(table, 'INSERT', 'NEW')
      this.#count(table, 'UPDATE', 'NEW')
      this.#count(table, 'DELETE', 'OLD')
    }
  }

  of(imageId: number): number {
    return (
      this.#database
        .query('SELECT revision FROM image_revision WHERE image_id = :imageId', revisionRow)
        .get({ imageId }) ?? 0
    )
  }

  #count(table: string, event: string, row: 'NEW' | 'OLD'): void {
    this.#database.execute(`
      CREATE TEMP TRIGGER ${table}_${event}_revision AFTER ${event} ON ${table} BEGIN
        INSERT INTO image_revision VALUES (${row}.image_id, 1) ON CONFLICT (image_id) DO UPDATE SET revision = revision + 1;
      END`)
  }
}
