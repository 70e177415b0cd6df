import { z } from 'zod'

import type { ListedProposal, ProposalFilter, ProposalOrder } from '../../contract/index.ts'
import { idRow } from './columns.ts'
import type { Database } from './database.ts'

const listedRow = z
  .object({
    id: z.int(),
    image_id: z.int(),
    path: z.string(),
    class_id: z.int(),
    score: z.number().nullable(),
    similarity: z.number().nullable(),
  })
  .transform(({ image_id, class_id, ...row }): ListedProposal => ({ ...row, imageId: image_id, classId: class_id }))

const pageRow = z.object({ total: z.int() }).and(listedRow)

const placeRow = z.object({ id: z.int(), image_id: z.int() })

const percentRow = z.object({ percent: z.int(), count: z.int() })

const orders: Record<ProposalOrder, string> = {
  'least-certain': 'coalesce(score, 0), annotation.id',
  'most-similar': 'coalesce(similarity, 0) DESC, annotation.id',
}

/** Certainty in whole percent, rounded down: what a person sets a limit in. */
const percent = 'CAST(coalesce(score, 0) * 100 AS INTEGER)'

const waiting = `
  state = 'draft' AND replaced_by IS NULL
  AND (:classId IS NULL OR class_id = :classId) AND (:runId IS NULL OR run_id = :runId)`

/** What is accepted by a limit: a person who locked a proposal decides on that one alone. */
const open = `${waiting} AND locked = 0`

/** Drafts that wait for a person's answer, over all images. */
export class Proposals {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Ids of all that pass, in the order of their review. */
  queue(filter: ProposalFilter, order: ProposalOrder): number[] {
    return this.#database
      .query(`SELECT id FROM annotation WHERE ${waiting} ORDER BY ${orders[order]}`, idRow)
      .all({ ...filter })
  }

  /** How many there are of each certainty, from 0 to 100 percent, locked ones aside. */
  certainties(filter: ProposalFilter): number[] {
    const counts = new Array<number>(101).fill(0)
    const rows = this.#database
      .query(
        `SELECT ${percent} AS percent, count(*) AS count FROM annotation WHERE ${open} GROUP BY percent`,
        percentRow,
      )
      .all({ ...filter })
    for (const { percent, count } of rows) counts[Math.min(100, Math.max(0, percent))] += count
    return counts
  }

  /** Those nearest to a limit first, locked ones aside. @param side from the limit on, or below it */
  page(
    filter: ProposalFilter,
    { side, limit, offset, count }: { side: 'above' | 'below'; limit: number; offset: number; count: number },
  ): { total: number; proposals: ListedProposal[] } {
    const rows = this.#database
      .query(
        `SELECT annotation.id, image_id, path, class_id, score, similarity, count(*) OVER () AS total
         FROM annotation JOIN image ON image.id = image_id
         WHERE ${open} AND ${percent} ${side === 'above' ? '>=' : '<'} :limit
         ORDER BY coalesce(score, 0) ${side === 'above' ? '' : 'DESC'}, annotation.id LIMIT :count OFFSET :offset`,
        pageRow,
      )
      .all({ ...filter, limit, offset, count })
    return { total: rows.at(0)?.total ?? 0, proposals: rows }
  }

  /** Those from a limit on, save locked ones, with the images that they are on. */
  above(filter: ProposalFilter, limit: number): { ids: number[]; imageIds: number[] } {
    const rows = this.#database
      .query(`SELECT id, image_id FROM annotation WHERE ${open} AND ${percent} >= :limit`, placeRow)
      .all({ ...filter, limit })
    return { ids: rows.map(({ id }) => id), imageIds: [...new Set(rows.map(({ image_id }) => image_id))] }
  }
}
