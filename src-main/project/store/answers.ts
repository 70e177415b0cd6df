import { z } from 'zod'

import type { RunLengths } from '../../contract/index.ts'
import { decompressCounts, intersectionOverUnion } from '../../masks/index.ts'
import { flag } from './columns.ts'
import type { Database, Query } from './database.ts'

/** What became of a proposal that a person has looked at. */
export interface ProposalAnswer {
  /** The score that it had before answers changed scores. */
  rawScore: number
  /** Of what was proposed with what the person left: 1 where it was accepted as it was, 0 where it was rejected or of another class. */
  iou: number
}

const answerRow = z.object({
  raw_score: z.number(),
  state: z.enum(['draft', 'accepted', 'rejected']),
  counts: z.string(),
  mask_width: z.int(),
  mask_height: z.int(),
  proposed_counts: z.string().nullable(),
  other_class: flag,
})

/** Older answers say little about what is proposed by the labels of today. */
const mostAnswers = 1000

/** The answers of a person to proposals, as the annotations and their history have them. */
export class Answers {
  readonly #newest: Query<z.infer<typeof answerRow>>

  constructor(database: Database) {
    const changesOf = `FROM change JOIN action ON action.id = action_id
      WHERE entity = 'annotation' AND row_id = annotation.id AND undone = 0 AND before IS NOT NULL`
    this.#newest = database.query(
      `SELECT raw_score, state, counts, mask_width, mask_height,
         -- A mask that was changed ceases to be a proposal's with its first change, which has what was proposed.
         (SELECT before ->> 'counts' ${changesOf} AND before ->> 'source' = 'proposal' ORDER BY change.id LIMIT 1)
           AS proposed_counts,
         EXISTS (SELECT 1 ${changesOf} AND before ->> 'class_id' IS NOT NULL) AS other_class
       FROM annotation
       WHERE raw_score IS NOT NULL AND by_person = 1 AND replaced_by IS NULL AND (state <> 'draft' OR source = 'person')
         -- Accepting all from a score on is no look at each.
         AND EXISTS (SELECT 1 ${changesOf} AND across = 0)
       ORDER BY id DESC LIMIT ${mostAnswers}`,
      answerRow,
    )
  }

  /** The newest first. Those to many proposals at once are left out: nobody looked at each. */
  newest(): ProposalAnswer[] {
    return this.#newest.all().map((row) => ({ rawScore: row.raw_score, iou: iouOf(row) }))
  }
}

function iouOf(row: z.infer<typeof answerRow>): number {
  if (row.state === 'rejected' || row.other_class) return 0
  if (row.proposed_counts === null) return 1
  const size: RunLengths['size'] = [row.mask_height, row.mask_width]
  return intersectionOverUnion(decompressCounts(row.proposed_counts, size), decompressCounts(row.counts, size))
}
