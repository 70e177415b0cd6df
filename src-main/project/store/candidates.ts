import { z } from 'zod'

import { flag } from './columns.ts'
import type { Database } from './database.ts'

/** Weights that a training may keep. */
export interface Candidate {
  /** 0: the weights that it started from. */
  step: number
  /** Null for a network that never was a file. */
  file: string | null
  /** What retrieval on the held-out share came to with them; null where nothing could be measured. */
  heldOut: number | null
  /** These are the ones that the training chose. */
  kept: boolean
}

const candidateRow = z
  .object({ step: z.int(), file: z.string().nullable(), held_out: z.number().nullable(), kept: flag })
  .transform(({ held_out, ...row }): Candidate => ({ ...row, heldOut: held_out }))

/** What trainings produced, and which of it was kept. */
export class Candidates {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Adds a candidate, in the place of one of the same step. */
  add(runId: number, { step, file, heldOut }: Omit<Candidate, 'kept'>): void {
    this.#database
      .command(
        `INSERT INTO candidate (run_id, step, file, held_out, kept) VALUES (:runId, :step, :file, :heldOut, 0)
         ON CONFLICT DO UPDATE SET file = excluded.file, held_out = excluded.held_out`,
      )
      .run({ runId, step, file, heldOut })
  }

  /** Chooses one of the run's candidates, and no other. */
  keep(runId: number, step: number): void {
    this.#database.transaction(() => {
      this.#database.command('UPDATE candidate SET kept = 0 WHERE run_id = :runId').run({ runId })
      this.#database
        .command('UPDATE candidate SET kept = 1 WHERE run_id = :runId AND step = :step')
        .run({ runId, step })
    })
  }

  /** In the order of the steps, the start first. */
  ofRun(runId: number): Candidate[] {
    return this.#database
      .query('SELECT step, file, held_out, kept FROM candidate WHERE run_id = :runId ORDER BY step', candidateRow)
      .all({ runId })
  }

  /** For a run that goes on from an earlier step. */
  removeAfter(runId: number, step: number): void {
    this.#database.command('DELETE FROM candidate WHERE run_id = :runId AND step > :step').run({ runId, step })
  }
}
