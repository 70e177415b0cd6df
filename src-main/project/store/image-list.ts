import { z } from 'zod'

import { imageStateSchema, type ImageQuery, type ImageSort, type ListedImage } from '../../contract/index.ts'
import type { Database } from './database.ts'

const listedRow = z
  .object({
    id: z.int(),
    path: z.string(),
    width: z.int(),
    height: z.int(),
    state: imageStateSchema,
    accepted: z.int(),
    drafts: z.int(),
    certainty: z.number().nullable(),
    problem_code: z.string().nullable(),
    problem_message: z.string().nullable(),
  })
  .transform(({ problem_code: code, problem_message: message, ...row }): ListedImage => ({
    ...row,
    problem: code === null ? null : { code, message: message ?? '' },
  }))

const pageRow = z.object({ total: z.int() }).and(listedRow)

const orders: Record<ImageSort, string> = {
  name: 'path COLLATE NOCASE, id',
  added: 'id DESC',
  certainty: 'certainty IS NULL, certainty, path COLLATE NOCASE, id',
}

/** Images in the folder with what is known of their annotations. */
const listed = `
  SELECT image.id, image.path, image.width, image.height, problem_code, problem_message,
    count(*) FILTER (WHERE annotation.state = 'accepted') AS accepted,
    count(*) FILTER (WHERE annotation.state = 'draft') AS drafts,
    min(score) FILTER (WHERE annotation.state = 'draft') AS certainty,
    CASE WHEN problem_code IS NOT NULL THEN 'problem'
      WHEN count(*) FILTER (WHERE annotation.state = 'draft') > 0 THEN 'proposed'
      WHEN count(*) FILTER (WHERE annotation.state = 'accepted') > 0 THEN 'labelled'
      ELSE 'unlabelled' END AS state
  FROM image LEFT JOIN annotation ON annotation.image_id = image.id AND replaced_by IS NULL`

/** The images as a person looks through them: filtered, sorted, and read by index. */
export class ImageList {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Those from `offset` on, at most `limit`, and how many pass in all. */
  page(query: ImageQuery, offset: number, limit: number): { total: number; images: ListedImage[] } {
    const ofClass = `EXISTS (SELECT * FROM annotation WHERE image_id = image.id AND class_id = :classId
      AND replaced_by IS NULL AND state <> 'rejected')`
    const rows = this.#database
      .query(
        `SELECT *, count(*) OVER () AS total FROM (${listed}
           WHERE missing = 0 AND instr(lower(path), lower(:text)) > 0 ${query.classId === null ? '' : `AND ${ofClass}`}
           GROUP BY image.id)
         WHERE :state IS NULL OR state = :state
         ORDER BY ${orders[query.sort]} LIMIT :limit OFFSET :offset`,
        pageRow,
      )
      .all({
        ...{ text: query.text, state: query.state, offset, limit },
        ...(query.classId !== null && { classId: query.classId }),
      })
    return { total: rows.at(0)?.total ?? 0, images: rows }
  }

  get(id: number): ListedImage | undefined {
    return this.#database.query(`${listed} WHERE image.id = :id GROUP BY image.id`, listedRow).get({ id })
  }
}
