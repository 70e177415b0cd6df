import { z } from 'zod'

import { list } from './columns.ts'
import type { Command, Database, Query } from './database.ts'

/** One number that a training measured. */
export interface Metric {
  name: string
  /** Steps done by then. */
  step: number
  /** Null where it was not a finite number. */
  value: number | null
  /** Milliseconds since 1970. */
  at: number
}

const metricRow = z.object({ name: z.string(), step: z.int(), value: z.number().nullable(), at: z.number() })

/** The numbers of trainings, step by step: losses, rates, held-out figures, memory. */
export class Metrics {
  readonly #database: Database
  readonly #add: Command
  readonly #ofRun: Query<Metric>
  readonly #after: Query<Metric>

  constructor(database: Database) {
    this.#database = database
    this.#add = database.command(`
      INSERT INTO metric (run_id, name, step, value, at) VALUES (:runId, :name, :step, :value, :at)
      ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at`)
    this.#ofRun = database.query(
      'SELECT name, step, value, at FROM metric WHERE run_id = :runId ORDER BY step, name',
      metricRow,
    )
    this.#after = database.query(
      `SELECT name, step, value, at FROM metric
       WHERE run_id = :runId AND name IN (SELECT value FROM json_each(:names)) AND step > :step ORDER BY step, name`,
      metricRow,
    )
  }

  /** What was measured at a step, in the place of what was there of these names. */
  add(runId: number, step: number, values: Readonly<Record<string, number | null>>, at = Date.now()): void {
    this.#database.transaction(() => {
      for (const [name, value] of Object.entries(values))
        this.#add.run({ runId, name, step, value: value !== null && Number.isFinite(value) ? value : null, at })
    })
  }

  /** Those of some names that were measured after a step, in the order of the steps. */
  after(runId: number, step: number, names: readonly string[]): Metric[] {
    return this.#after.all({ runId, step, names: list(names) })
  }

  /** In the order of the steps. */
  ofRun(runId: number): Metric[] {
    return this.#ofRun.all({ runId })
  }

  /** For a run that goes on from an earlier step: what came after it will be measured again. */
  removeAfter(runId: number, step: number): void {
    this.#database.command('DELETE FROM metric WHERE run_id = :runId AND step > :step').run({ runId, step })
  }
}
