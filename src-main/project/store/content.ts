import { z } from 'zod'

import type { Split } from '../../contract/index.ts'
import { countRow, flag } from './columns.ts'
import type { Database } from './database.ts'

/** How many annotations there are of a class and state on images of one kind. */
export interface ContentCount {
  classId: number
  state: 'accepted' | 'draft'
  /** The file of their images is gone, or cannot be read. */
  missing: boolean
  unreadable: boolean
  /** A person wants their images left out. */
  skipped: boolean
  count: number
}

const contentRow = z
  .object({
    class_id: z.int(),
    state: z.enum(['accepted', 'draft']),
    missing: flag,
    unreadable: flag,
    skipped: flag,
    count: z.int(),
  })
  .transform(({ class_id, ...row }): ContentCount => ({ classId: class_id, ...row }))

/** What a project has to give away: counted by SQLite, since reading every mask takes long. */
export class Content {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @param split of the images that are in it; null: of all */
  counts(split: Split | null): ContentCount[] {
    return this.#database
      .query(
        `SELECT class_id, state, missing, problem_code IS NOT NULL AS unreadable,
           skipped IS NOT NULL AS skipped, count(*) AS count
         FROM annotation JOIN image ON image.id = image_id
         WHERE replaced_by IS NULL AND state IN ('accepted', 'draft') AND (:split IS NULL OR split = :split)
         GROUP BY 1, 2, 3, 4, 5`,
        contentRow,
      )
      .all({ split })
  }

  /** Usable images with a mask of a class that is an object. @param drafts whether those count too */
  annotatedImages({ drafts, split }: { drafts: boolean; split: Split | null }): number {
    return (
      this.#database
        .query(
          `SELECT count(DISTINCT image_id) AS count
           FROM annotation JOIN image ON image.id = image_id JOIN class ON class.id = class_id
           WHERE replaced_by IS NULL AND (state = 'accepted' OR (:drafts AND state = 'draft'))
             AND missing = 0 AND problem_code IS NULL AND skipped IS NULL AND NOT ignored
             AND (:split IS NULL OR split = :split)`,
          countRow,
        )
        .get({ drafts: drafts ? 1 : 0, split }) ?? 0
    )
  }
}
