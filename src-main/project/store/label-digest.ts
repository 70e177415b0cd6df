import { hash } from 'node:crypto'

import { z } from 'zod'

import type { Database, Query } from './database.ts'

/** Sums of digests, of 48 bits each, are taken modulo this: they stay exact in SQLite and here. */
const modulus = 2 ** 50

const totalRow = z.object({ total: z.int() }).transform(({ total }) => total)

/**
 * A name for all labels that a propagation goes from: another one as soon as one is drawn, changed, or taken away, and the old one
 * when that is undone. It is a sum over the labels, kept up to date by SQLite's triggers, so that no change costs more than its own
 * labels; and it is counted from the opening of the project, so that nothing need be read for it.
 */
export class LabelDigest {
  readonly #total: Query<number>

  constructor(database: Database) {
    database.define('digest_of_label', (id, classId, state, counts) => {
      const digest = hash('sha256', `${String(id)} ${String(classId)} ${String(state)} ${String(counts)}`)
      return BigInt(`0x${digest.slice(0, 12)}`)
    })
    database.execute(`
      CREATE TEMP TABLE label_digest (total INTEGER NOT NULL) STRICT;
      INSERT INTO label_digest VALUES (0);
      ${trigger('INSERT', '', [['+', 'NEW']])}
      ${trigger('DELETE', '', [['-', 'OLD']])}
      ${trigger('UPDATE', 'OF class_id, counts, state, source, replaced_by', [
        ['-', 'OLD'],
        ['+', 'NEW'],
      ])}`)
    this.#total = database.query('SELECT total FROM label_digest', totalRow)
  }

  get value(): string {
    return String(this.#total.get())
  }
}

const digestOf = (row: string) => `digest_of_label(${row}.id, ${row}.class_id, ${row}.state, ${row}.counts)`

function trigger(event: string, of: string, changes: ['+' | '-', 'OLD' | 'NEW'][]): string {
  const updates = changes.map(
    ([sign, row]) => `
      UPDATE label_digest
      SET total = (total + ${modulus} ${sign} ${digestOf(row)}) % ${modulus}
      WHERE ${isLabel(row)};`,
  )
  return `CREATE TEMP TRIGGER annotation_${event}_digest AFTER ${event} ${of} ON annotation BEGIN ${updates.join('')} END;`
}

/** What a person drew, changed, imported or rejected. A proposal that was accepted as it was says nothing that the labels did not. */
const isLabel = (row: string) =>
  `(${row}.state = 'rejected' OR ${row}.state = 'accepted' AND ${row}.source IN ('person', 'import'))
   AND ${row}.replaced_by IS NULL`
