import { posix } from 'node:path'

import { z } from 'zod'

import { imageSchema, splitSchema, type Image, type Split } from '../../contract/index.ts'
import { countRow, flag, list } from './columns.ts'
import type { Command, Database, Query } from './database.ts'

/** What a scan finds out about a file. */
export type ImageFile = Omit<Image, 'id' | 'split' | 'splitByPerson' | 'skipped' | 'missing'>

/** What a scan needs of every image to see what changed. */
export interface KnownFile {
  id: number
  path: string
  hash: string
  bytes: number
  modifiedAt: number
  missing: boolean
  /** It could not be read: the next scan tries again. */
  unreadable: boolean
}

const imageRow = z
  .object({
    id: z.int(),
    path: z.string(),
    width: z.int(),
    height: z.int(),
    orientation: z.int(),
    hash: z.string(),
    bytes: z.int(),
    modified_at: z.number(),
    split: splitSchema.nullable(),
    split_by_person: flag,
    skipped: z.string().nullable(),
    problem_code: z.string().nullable(),
    problem_message: z.string().nullable(),
    missing: flag,
  })
  .transform(({ modified_at, split_by_person, problem_code, problem_message, ...row }) => ({
    ...row,
    modifiedAt: modified_at,
    splitByPerson: split_by_person,
    problem: problem_code === null ? null : { code: problem_code, message: problem_message ?? '' },
  }))
  .pipe(imageSchema)

const knownFileRow = z
  .object({
    id: z.int(),
    path: z.string(),
    hash: z.string(),
    bytes: z.int(),
    modified_at: z.number(),
    missing: flag,
    unreadable: flag,
  })
  .transform(({ modified_at, ...row }): KnownFile => ({ ...row, modifiedAt: modified_at }))

/** Which images are meant. */
export interface ImageFilter {
  /** That can be read. */
  readable?: boolean
  /** That can be read and that nobody wants left out. */
  usable?: boolean
}

/** Of one split, where that is said. */
export interface CountedImages extends ImageFilter {
  split?: Split | null
}

const readable = 'missing = 0 AND problem_code IS NULL'
const usable = `${readable} AND skipped IS NULL`

/** The images of the folder. They are never deleted: one whose file is gone is missing, and keeps its annotations. */
export class Images {
  readonly #database: Database
  readonly #byId: Query<Image>
  readonly #byPath: Query<Image>
  readonly #byName: Query<Image>
  readonly #page: Query<Image>
  readonly #readablePage: Query<Image>
  readonly #usablePage: Query<Image>
  readonly #add: Command
  readonly #update: Command

  constructor(database: Database) {
    this.#database = database
    this.#byId = database.query('SELECT * FROM image WHERE id = :id', imageRow)
    this.#byPath = database.query('SELECT * FROM image WHERE path = :path AND missing = 0', imageRow)
    this.#byName = database.query('SELECT * FROM image WHERE name = :name AND missing = 0 ORDER BY path', imageRow)
    const pageOf = (condition: string) =>
      database.query(`SELECT * FROM image WHERE id > :after AND ${condition} ORDER BY id LIMIT :limit`, imageRow)
    this.#page = pageOf('missing = 0')
    this.#readablePage = pageOf(readable)
    this.#usablePage = pageOf(usable)
    this.#add = database.command(`
      INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at, problem_code, problem_message)
      VALUES (:path, :name, :width, :height, :orientation, :hash, :bytes, :modifiedAt, :problemCode, :problemMessage)`)
    this.#update = database.command(`
      UPDATE image SET path = :path, name = :name, width = :width, height = :height, orientation = :orientation, hash = :hash,
        bytes = :bytes, modified_at = :modifiedAt, problem_code = :problemCode, problem_message = :problemMessage, missing = 0
      WHERE id = :id`)
  }

  /** Those in the folder. */
  count({ split = null, ...options }: CountedImages = {}): number {
    const condition = options.usable ? usable : options.readable ? readable : 'missing = 0'
    const sql = `SELECT count(*) AS count FROM image WHERE ${condition} AND (:split IS NULL OR split = :split)`
    return this.#database.query(sql, countRow).get({ split }) ?? 0
  }

  /** Of those that can be used, the ones with an accepted annotation. */
  countLabelled(): number {
    const sql = `SELECT count(*) AS count FROM image WHERE ${usable} AND EXISTS
      (SELECT 1 FROM annotation WHERE image_id = image.id AND state = 'accepted' AND replaced_by IS NULL)`
    return this.#database.query(sql, countRow).get() ?? 0
  }

  get(id: number): Image | undefined {
    return this.#byId.get({ id })
  }

  /** @param path POSIX, relative to the project's folder */
  byPath(path: string): Image | undefined {
    return this.#byPath.get({ path })
  }

  /** The images in the folder whose path ends in this file name. */
  byName(name: string): Image[] {
    return this.#byName.all({ name })
  }

  /** In the order of their ids, those after an id. */
  page(options: ImageFilter & { after?: number; limit: number }): Image[] {
    const query = options.usable ? this.#usablePage : options.readable ? this.#readablePage : this.#page
    return query.all({ after: options.after ?? 0, limit: options.limit })
  }

  /** All, read page by page: the store may be written to in between. */
  *each(options: ImageFilter = {}): Generator<Image> {
    let after = 0
    for (;;) {
      const images = this.page({ ...options, after, limit: 1000 })
      yield* images
      const last = images.at(-1)
      if (last === undefined) return
      after = last.id
    }
  }

  /** Says why an image cannot be used, where only decoding showed it; null takes that back. */
  setProblem(id: number, problem: Image['problem']): void {
    this.#database
      .command('UPDATE image SET problem_code = :code, problem_message = :message WHERE id = :id')
      .run({ id, code: problem?.code ?? null, message: problem?.message ?? null })
  }

  /** @param options.byPerson no division of the folder moves them any more */
  setSplit(ids: readonly number[], split: Split | null, { byPerson }: { byPerson: boolean }): void {
    this.#database
      .command(
        `UPDATE image SET split = :split, split_by_person = :byPerson
         WHERE id IN (SELECT value FROM json_each(:ids))`,
      )
      .run({ ids: list(ids), split, byPerson: Number(byPerson) })
  }

  /** @param reason null: they are not */
  setSkipped(ids: readonly number[], reason: string | null): void {
    this.#database
      .command('UPDATE image SET skipped = :reason WHERE id IN (SELECT value FROM json_each(:ids))')
      .run({ ids: list(ids), reason })
  }

  /** Images in the folder that cannot be used. */
  problems(): Image[] {
    return this.#database
      .query('SELECT * FROM image WHERE missing = 0 AND problem_code IS NOT NULL ORDER BY path', imageRow)
      .all()
  }

  // What follows is for the scan.

  files(): KnownFile[] {
    return this.#database
      .query(
        `SELECT id, path, hash, bytes, modified_at, missing, problem_code IS 'image-unreadable' AS unreadable FROM image`,
        knownFileRow,
      )
      .all()
  }

  add(file: ImageFile): number {
    return this.#add.run(columns(file)).id
  }

  /** The image is this file now: it moved, changed, or came back. */
  setFile(id: number, file: ImageFile): void {
    this.#update.run({ id, ...columns(file) })
  }

  setMissing(ids: readonly number[]): void {
    this.#database
      .command('UPDATE image SET missing = 1 WHERE id IN (SELECT value FROM json_each(:ids))')
      .run({ ids: list(ids) })
  }
}

function columns({ problem, ...file }: ImageFile) {
  return {
    ...file,
    name: posix.basename(file.path),
    problemCode: problem?.code ?? null,
    problemMessage: problem?.message ?? null,
  }
}
