import { z } from 'zod'

import {
  imageStateSchema,
  splitSchema,
  type AreaBin,
  type ClassStatistics,
  type ImageStatistics,
} from '../../contract/index.ts'
import type { Database, Query } from './database.ts'
import { imageState } from './image-list.ts'

const instancesRow = z.object({
  class_id: z.int(),
  drawn: z.int(),
  taken: z.int(),
  waiting: z.int(),
})
const spreadRow = z.object({
  class_id: z.int(),
  split: splitSchema.nullable(),
  labelled: z.int(),
  proposed: z.int(),
})
const binRow = z.object({ class_id: z.int(), exponent: z.int(), accepted: z.int(), drafts: z.int() })
const absentRow = z.object({ class_id: z.int(), images: z.int() })
const areaRow = z.object({ area: z.int() }).transform(({ area }) => area)
const stateRow = z.object({ state: imageStateSchema, split: splitSchema.nullable(), count: z.int() })

const inFolder = 'image_id NOT IN (SELECT id FROM image WHERE missing = 1)'

/** What counts: no proposal that was rejected, and none whose place another run's has taken. */
const counted = `replaced_by IS NULL AND state <> 'rejected' AND ${inFolder}`

/** How much there is of everything: counted by SQLite from its indices alone, so that masks are not read. */
export class Statistics {
  readonly #database: Database
  readonly #areaAt: Query<number>

  constructor(database: Database) {
    this.#database = database
    this.#areaAt = database.query(
      `SELECT area FROM annotation WHERE class_id = :classId AND state = :state AND replaced_by IS NULL AND ${inFolder}
       ORDER BY area LIMIT 1 OFFSET :place`,
      areaRow,
    )
  }

  /** In the order of their ids; a class without annotations is among them. */
  classes(): ClassStatistics[] {
    const ids = this.#database.query('SELECT id FROM class ORDER BY id', z.object({ id: z.int() })).all()
    const instances = new Map(this.#instances().map((row) => [row.class_id, row]))
    const spreads = Map.groupBy(this.#spreads(), ({ class_id }) => class_id)
    const bins = Map.groupBy(this.#bins(), ({ class_id }) => class_id)
    const absent = new Map(this.#absent().map(({ class_id, images }) => [class_id, images]))
    return ids.map(({ id }) => {
      const { drawn = 0, taken = 0, waiting = 0 } = instances.get(id) ?? {}
      return {
        classId: id,
        instances: { drawn, taken, waiting },
        ...imagesOf(spreads.get(id) ?? []),
        absentImages: absent.get(id) ?? 0,
        areas: (bins.get(id) ?? []).map(({ exponent, accepted, drafts }): AreaBin => ({ exponent, accepted, drafts })),
        medianArea: this.#median(id, drawn + taken, waiting),
      }
    })
  }

  /** Of those in the folder. */
  images(): ImageStatistics {
    const states: ImageStatistics['states'] = { unlabelled: 0, proposed: 0, labelled: 0, skipped: 0, problem: 0 }
    const splits: ImageStatistics['splits'] = { train: 0, validation: 0, test: 0, none: 0 }
    const rows = this.#database
      .query(
        `SELECT state, split, count(*) AS count FROM (
           SELECT split, ${imageState} AS state
           FROM image LEFT JOIN annotation ON annotation.image_id = image.id AND replaced_by IS NULL
           WHERE missing = 0 GROUP BY image.id) GROUP BY state, split`,
        stateRow,
      )
      .all()
    for (const { state, split, count } of rows) {
      states[state] += count
      if (state !== 'problem' && state !== 'skipped') splits[split ?? 'none'] += count
    }
    return { states, splits }
  }

  #instances() {
    return this.#database
      .query(
        `SELECT class_id,
           count(*) FILTER (WHERE state = 'accepted' AND source <> 'proposal') AS drawn,
           count(*) FILTER (WHERE state = 'accepted' AND source = 'proposal') AS taken,
           count(*) FILTER (WHERE state = 'draft') AS waiting
         FROM annotation WHERE ${counted} GROUP BY class_id`,
        instancesRow,
      )
      .all()
  }

  #spreads() {
    return this.#database
      .query(
        `SELECT class_id, split, sum(accepted) AS labelled, count(*) - sum(accepted) AS proposed FROM (
           SELECT class_id, image_id, max(state = 'accepted') AS accepted FROM annotation
           WHERE ${counted} GROUP BY class_id, image_id)
         JOIN image ON image.id = image_id GROUP BY class_id, split`,
        spreadRow,
      )
      .all()
  }

  #bins() {
    return this.#database
      .query(
        `SELECT class_id, CAST(log2(area) AS INTEGER) AS exponent,
           count(*) FILTER (WHERE state = 'accepted') AS accepted, count(*) FILTER (WHERE state = 'draft') AS drafts
         FROM annotation WHERE ${counted} GROUP BY class_id, exponent ORDER BY class_id, exponent`,
        binRow,
      )
      .all()
  }

  #absent() {
    return this.#database
      .query(`SELECT class_id, count(*) AS images FROM negative WHERE ${inFolder} GROUP BY class_id`, absentRow)
      .all()
  }

  /** The lower one of two in the middle. */
  #median(classId: number, accepted: number, drafts: number): number | null {
    const [state, count] = accepted > 0 ? ['accepted', accepted] : ['draft', drafts]
    return this.#areaAt.get({ classId, state, place: Math.floor((count - 1) / 2) }) ?? null
  }
}

function imagesOf(
  rows: z.infer<typeof spreadRow>[],
): Pick<ClassStatistics, 'labelledImages' | 'proposedImages' | 'splits'> {
  const splits: ClassStatistics['splits'] = { train: 0, validation: 0, test: 0, none: 0 }
  for (const { split, labelled, proposed } of rows) splits[split ?? 'none'] += labelled + proposed
  const sum = (of: 'labelled' | 'proposed') => rows.reduce((total, row) => total + row[of], 0)
  return { labelledImages: sum('labelled'), proposedImages: sum('proposed'), splits }
}
