import { z } from 'zod'

import type { Box, RunLengths } from '../../contract/index.ts'
import { compressCounts, decompressCounts } from '../../masks/index.ts'
import { countRow, idRow, list } from './columns.ts'
import type { Command, Database, Query } from './database.ts'

export interface NewObject {
  /** On the patch grid. */
  mask: RunLengths
  /** In image pixels. */
  box: Box
  /** Tokens in it. */
  tokens: number
  embedding: Float16Array
}

export interface StoredObject extends NewObject {
  id: number
  imageId: number
}

/** Objects i = 0 ... n - 1: ids[i], imageIds[i], and the row i of embeddings (n, d). */
export interface ObjectChunk {
  ids: number[]
  imageIds: number[]
  dimensions: number
  embeddings: Float16Array
}

const blob = z.instanceof(Uint8Array)

const objectRow = z
  .object({
    id: z.int(),
    image_id: z.int(),
    counts: z.string(),
    grid_width: z.int(),
    grid_height: z.int(),
    box_x: z.number(),
    box_y: z.number(),
    box_width: z.number(),
    box_height: z.number(),
    tokens: z.int(),
    embedding: blob,
  })
  .transform((row): StoredObject => ({
    id: row.id,
    imageId: row.image_id,
    mask: decompressCounts(row.counts, [row.grid_height, row.grid_width]),
    box: { x: row.box_x, y: row.box_y, width: row.box_width, height: row.box_height },
    tokens: row.tokens,
    embedding: embeddingOf(row.embedding),
  }))

/** A copy: a blob need not begin where a number may. */
function embeddingOf(bytes: Uint8Array): Float16Array {
  return new Float16Array(Uint8Array.from(bytes).buffer)
}

/** An object as lists show it. */
export interface ListedObject {
  id: number
  imageId: number
  path: string
  tokens: number
}

const listedRow = z
  .object({ id: z.int(), image_id: z.int(), path: z.string(), tokens: z.int() })
  .transform(({ image_id, ...row }): ListedObject => ({ ...row, imageId: image_id }))

const embeddingRow = z.object({ id: z.int(), image_id: z.int(), embedding: blob })

/** The objects that models found in images, with their embeddings. All of it can be computed anew. */
export class Objects {
  readonly #database: Database
  readonly #insert: Command
  readonly #remove: Command
  readonly #markEmbedded: Command
  readonly #ofImage: Query<StoredObject>
  readonly #chunk: Query<z.infer<typeof embeddingRow>>
  readonly #sample: Query<z.infer<typeof embeddingRow>>

  constructor(database: Database) {
    this.#database = database
    this.#insert = database.command(`
      INSERT INTO object (model_id, image_id, counts, grid_width, grid_height, box_x, box_y, box_width, box_height, tokens, embedding)
      VALUES (:modelId, :imageId, :counts, :gridWidth, :gridHeight, :boxX, :boxY, :boxWidth, :boxHeight, :tokens, :embedding)`)
    this.#remove = database.command('DELETE FROM object WHERE image_id = :imageId AND model_id = :modelId')
    this.#markEmbedded = database.command(`
      INSERT INTO embedded (model_id, image_id, hash) SELECT :modelId, id, hash FROM image WHERE id = :imageId
      ON CONFLICT DO UPDATE SET hash = excluded.hash`)
    this.#ofImage = database.query(
      'SELECT * FROM object WHERE image_id = :imageId AND model_id = :modelId ORDER BY id',
      objectRow,
    )
    this.#chunk = database.query(
      `SELECT id, image_id, embedding FROM object WHERE model_id = :modelId AND id > :after ORDER BY id LIMIT :limit`,
      embeddingRow,
    )
    this.#sample = database.query(
      // From one to the next along the index: numbering all rows takes five times as long.
      `WITH RECURSIVE picked(id) AS (
         SELECT min(id) FROM object WHERE model_id = :modelId
         UNION ALL
         SELECT (SELECT id FROM object WHERE model_id = :modelId AND id > picked.id ORDER BY id LIMIT 1 OFFSET :step - 1)
         FROM picked WHERE id IS NOT NULL)
       SELECT id, image_id, embedding FROM object WHERE id IN (SELECT id FROM picked) ORDER BY id`,
      embeddingRow,
    )
  }

  /**
   * The objects of an image by a model, in place of those before; the image counts as embedded from then on, also
   * with none.
   */
  replace(imageId: number, modelId: number, objects: readonly NewObject[]): void {
    this.#database.transaction(() => {
      this.#remove.run({ imageId, modelId })
      objects.forEach((object) => this.#insert.run({ modelId, imageId, ...columns(object) }))
      this.#markEmbedded.run({ imageId, modelId })
    })
  }

  get(id: number): StoredObject | undefined {
    return this.#database.query('SELECT * FROM object WHERE id = :id', objectRow).get({ id })
  }

  ofImage(imageId: number, modelId: number): StoredObject[] {
    return this.#ofImage.all({ imageId, modelId })
  }

  /** Images that were embedded, with or without finding objects. */
  embeddedImages(modelId: number): number {
    return (
      this.#database
        .query('SELECT count(*) AS count FROM embedded WHERE model_id = :modelId', countRow)
        .get({ modelId }) ?? 0
    )
  }

  count(modelId: number): number {
    return (
      this.#database
        .query('SELECT count(*) AS count FROM object WHERE model_id = :modelId', countRow)
        .get({ modelId }) ?? 0
    )
  }

  /** How many there are up to an id, and the last id. */
  extent(modelId: number, upTo = Number.MAX_SAFE_INTEGER): { count: number; lastId: number } {
    const row = z.object({ count: z.int(), last_id: z.int() })
    const found = this.#database
      .query(
        'SELECT count(*) AS count, ifnull(max(id), 0) AS last_id FROM object WHERE model_id = :modelId AND id <= :upTo',
        row,
      )
      .get({ modelId, upTo })
    return { count: found?.count ?? 0, lastId: found?.last_id ?? 0 }
  }

  /** Those from `offset` on, at most `limit`, in the order of their ids. */
  page(modelId: number, offset: number, limit: number): ListedObject[] {
    return this.#database
      .query(
        `SELECT object.id, image_id, path, tokens FROM object JOIN image ON image.id = image_id
         WHERE object.id IN (SELECT id FROM object WHERE model_id = :modelId ORDER BY id LIMIT :limit OFFSET :offset)
         ORDER BY object.id`,
        listedRow,
      )
      .all({ modelId, offset, limit })
  }

  /** Those of these that are there, in no particular order. */
  list(ids: readonly number[]): ListedObject[] {
    return this.#database
      .query(
        `SELECT object.id, image_id, path, tokens FROM object JOIN image ON image.id = image_id
         WHERE object.id IN (SELECT value FROM json_each(:ids))`,
        listedRow,
      )
      .all({ ids: list(ids) })
  }

  /**
   * All embeddings of a model, for exact search: as many rows at a time as memory allows, each time one contiguous
   * block.
   *
   * @param after only those after this id
   */
  *chunks(modelId: number, rows = 16_384, after = 0): Generator<ObjectChunk> {
    for (;;) {
      const found = this.#chunk.all({ modelId, after, limit: rows })
      const last = found.at(-1)
      if (last === undefined) return
      yield gather(found)
      after = last.id
    }
  }

  /** At most so many of a model's objects, at equal distances in the order of their ids. */
  sample(modelId: number, most: number): Pick<StoredObject, 'imageId' | 'embedding'>[] {
    const step = Math.max(1, Math.ceil(this.count(modelId) / most))
    return this.#sample
      .all({ modelId, step })
      .map(({ image_id, embedding }) => ({ imageId: image_id, embedding: embeddingOf(embedding) }))
  }

  /** Usable images, after an id, that the model has not embedded, or not since their content changed. */
  imagesWithout(modelId: number, options: { after?: number; limit: number }): number[] {
    return this.#database
      .query(
        `SELECT id FROM image LEFT JOIN embedded ON embedded.image_id = image.id AND embedded.model_id = :modelId
         WHERE id > :after AND missing = 0 AND problem_code IS NULL AND embedded.hash IS NOT image.hash
         ORDER BY id LIMIT :limit`,
        idRow,
      )
      .all({ modelId, after: options.after ?? 0, limit: options.limit })
  }
}

function columns({ mask, box, tokens, embedding }: NewObject) {
  return {
    counts: compressCounts(mask),
    gridWidth: mask.size[1],
    gridHeight: mask.size[0],
    boxX: box.x,
    boxY: box.y,
    boxWidth: box.width,
    boxHeight: box.height,
    tokens,
    embedding: new Uint8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength),
  }
}

function gather(rows: z.infer<typeof embeddingRow>[]): ObjectChunk {
  const bytes = rows[0].embedding.length
  const block = new Uint8Array(rows.length * bytes)
  rows.forEach(({ embedding }, i) => block.set(embedding, i * bytes))
  return {
    ids: rows.map(({ id }) => id),
    imageIds: rows.map(({ image_id }) => image_id),
    dimensions: bytes / 2,
    embeddings: new Float16Array(block.buffer),
  }
}
