import { z } from 'zod'

import {
  imageStateSchema,
  splitSchema,
  type ImageQuery,
  type ImageSort,
  type ListedImage,
} from '../../contract/index.ts'
import { idRow, list } from './columns.ts'
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
    split: splitSchema.nullable(),
    skipped: z.string().nullable(),
    changed_at: z.number().nullable(),
    problem_code: z.string().nullable(),
    problem_message: z.string().nullable(),
  })
  .transform(({ problem_code: code, problem_message: message, changed_at, ...row }): Omit<ListedImage, 'classes'> => ({
    ...row,
    changedAt: changed_at,
    problem: code === null ? null : { code, message: message ?? '' },
  }))

const pageRow = z.object({ total: z.int() }).and(listedRow)

const classesRow = z
  .object({ image_id: z.int(), class_id: z.int(), accepted: z.int(), drafts: z.int() })
  .transform(({ image_id, class_id, ...counts }) => ({ imageId: image_id, classId: class_id, ...counts }))

/** What is sorted by, what is first, and whether an image may have none of it: such ones come last. */
const orders: Record<ImageSort, { by: string; first: 'ASC' | 'DESC'; mayBeNull?: true }> = {
  name: { by: 'path COLLATE NOCASE', first: 'ASC' },
  added: { by: 'id', first: 'DESC' },
  certainty: { by: 'certainty', first: 'ASC', mayBeNull: true },
  state: { by: `instr('proposed unlabelled labelled skipped problem', state)`, first: 'ASC' },
  annotations: { by: 'accepted + drafts', first: 'DESC' },
  changed: { by: 'changed_at', first: 'DESC', mayBeNull: true },
}

/** The state of an image, in a query of images that are grouped with their annotations in sight. */
export const imageState = `CASE WHEN problem_code IS NOT NULL THEN 'problem'
      WHEN skipped IS NOT NULL THEN 'skipped'
      WHEN count(*) FILTER (WHERE annotation.state = 'draft') > 0 THEN 'proposed'
      WHEN count(*) FILTER (WHERE annotation.state = 'accepted') > 0 THEN 'labelled'
      ELSE 'unlabelled' END`

/** Images in the folder with what is known of their annotations. */
const listed = `
  SELECT image.id, image.path, image.width, image.height, split, skipped, changed_at, problem_code, problem_message,
    count(*) FILTER (WHERE annotation.state = 'accepted') AS accepted,
    count(*) FILTER (WHERE annotation.state = 'draft') AS drafts,
    min(score) FILTER (WHERE annotation.state = 'draft') AS certainty,
    ${imageState} AS state
  FROM image LEFT JOIN annotation ON annotation.image_id = image.id AND replaced_by IS NULL`

const ofClass = `EXISTS (SELECT * FROM annotation WHERE image_id = image.id AND class_id = :classId
      AND replaced_by IS NULL AND state <> 'rejected')`

/** The images as a person looks through them: filtered, sorted, and read by index. */
export class ImageList {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Those from `offset` on, at most `limit`, and how many pass in all. */
  page(query: ImageQuery, offset: number, limit: number): { total: number; images: ListedImage[] } {
    const rows = this.#database
      .query(`SELECT *, count(*) OVER () AS total FROM ${passing(query)} LIMIT :limit OFFSET :offset`, pageRow)
      .all({ ...parameters(query), limit, offset })
    return { total: rows.at(0)?.total ?? 0, images: this.#withClasses(rows) }
  }

  /** Ids of those from `offset` on, at most `limit`; -1: all. */
  ids(query: ImageQuery, offset: number, limit: number): number[] {
    return this.#database
      .query(`SELECT id FROM ${passing(query)} LIMIT :limit OFFSET :offset`, idRow)
      .all({ ...parameters(query), limit, offset })
  }

  get(id: number): ListedImage | undefined {
    const row = this.#database.query(`${listed} WHERE image.id = :id GROUP BY image.id`, listedRow).get({ id })
    return row && this.#withClasses([row])[0]
  }

  #withClasses(rows: Omit<ListedImage, 'classes'>[]): ListedImage[] {
    const counts = this.#database
      .query(
        `SELECT image_id, class_id, count(*) FILTER (WHERE state = 'accepted') AS accepted,
           count(*) FILTER (WHERE state = 'draft') AS drafts
         FROM annotation
         WHERE image_id IN (SELECT value FROM json_each(:ids)) AND replaced_by IS NULL AND state <> 'rejected'
         GROUP BY image_id, class_id ORDER BY image_id, count(*) DESC, class_id`,
        classesRow,
      )
      .all({ ids: list(rows.map(({ id }) => id)) })
    const byImage = Map.groupBy(counts, ({ imageId }) => imageId)
    return rows.map((row) => ({
      ...row,
      classes: (byImage.get(row.id) ?? []).map(({ classId, accepted, drafts }) => ({ classId, accepted, drafts })),
    }))
  }
}

/** The images that pass, in their order. */
function passing({ classId, split, below, sort, reversed }: ImageQuery): string {
  const { by, first, mayBeNull } = orders[sort]
  const direction = (first === 'ASC') === reversed ? 'DESC' : 'ASC'
  return `(${listed}
      WHERE missing = 0 AND instr(lower(path), lower(:text)) > 0
        ${split === null ? '' : split === 'none' ? 'AND split IS NULL' : 'AND split = :split'}
        ${classId === null ? '' : `AND ${ofClass}`}
      GROUP BY image.id)
    WHERE (:state IS NULL OR state = :state) ${below === null ? '' : 'AND certainty < :below'}
    ORDER BY ${mayBeNull ? `${by} IS NULL, ` : ''}${by} ${direction}, path COLLATE NOCASE, id`
}

/** Only those that `passing` names: SQLite takes no others. */
function parameters({ text, state, classId, split, below }: ImageQuery) {
  return {
    ...{ text, state },
    ...(classId !== null && { classId }),
    ...(split !== null && split !== 'none' && { split }),
    ...(below !== null && { below }),
  }
}
