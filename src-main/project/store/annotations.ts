import { z } from 'zod'

import {
  annotationSchema,
  annotationSourceSchema,
  annotationStateSchema,
  CribsheetError,
  type Annotation,
  type RunLengths,
} from '../../contract/index.ts'
import { area, boundingBox, compressCounts, decompressCounts } from '../../masks/index.ts'
import { flag, idRow, json, list } from './columns.ts'
import type { Command, Database, Query } from './database.ts'

type State = Annotation['state']
type Source = Annotation['source']

/** Box and area follow from the mask. */
export interface NewAnnotation {
  imageId: number
  classId: number
  mask: RunLengths
  source: Source
  /** `draft` for a proposal, else `accepted`. */
  state?: State | undefined
  polygons?: number[][] | null | undefined
  holes?: number[][] | undefined
  score?: number | null | undefined
  /** The score that it would have without a person's answers to earlier ones. */
  rawScore?: number | null | undefined
  similarity?: number | null | undefined
  runId?: number | null | undefined
  sourceAnnotationId?: number | null | undefined
  crowd?: boolean | undefined
  attributes?: Annotation['attributes'] | undefined
}

/** What a person changes on an annotation. */
export type AnnotationChanges = Partial<
  Pick<
    Annotation,
    'classId' | 'mask' | 'polygons' | 'holes' | 'state' | 'crowd' | 'position' | 'hidden' | 'locked' | 'attributes'
  >
>

export interface AnnotationFilter {
  imageId?: number
  classId?: number
  runId?: number
  states?: readonly State[]
  sources?: readonly Source[]
}

export interface AnnotationCount {
  classId: number
  state: State
  source: Source
  count: number
}

/** An image whose size is no longer that of masks drawn on it: its file was replaced by one of another size. */
export interface Misfit {
  imageId: number
  path: string
  annotations: number
}

const annotationRow = z
  .object({
    id: z.int(),
    image_id: z.int(),
    class_id: z.int(),
    counts: z.string(),
    mask_width: z.int(),
    mask_height: z.int(),
    polygons: json(z.array(z.array(z.number()))).nullable(),
    holes: json(z.array(z.array(z.number()))),
    box_x: z.int(),
    box_y: z.int(),
    box_width: z.int(),
    box_height: z.int(),
    area: z.int(),
    source: annotationSourceSchema,
    state: annotationStateSchema,
    score: z.number().nullable(),
    similarity: z.number().nullable(),
    run_id: z.int().nullable(),
    source_annotation_id: z.int().nullable(),
    crowd: flag,
    position: z.int(),
    hidden: flag,
    locked: flag,
    attributes: json(annotationSchema.shape.attributes),
  })
  .transform((row): Annotation => ({
    id: row.id,
    imageId: row.image_id,
    classId: row.class_id,
    mask: decompressCounts(row.counts, [row.mask_height, row.mask_width]),
    polygons: row.polygons,
    holes: row.holes,
    box: { x: row.box_x, y: row.box_y, width: row.box_width, height: row.box_height },
    area: row.area,
    source: row.source,
    state: row.state,
    score: row.score,
    similarity: row.similarity,
    runId: row.run_id,
    sourceAnnotationId: row.source_annotation_id,
    crowd: row.crowd,
    position: row.position,
    hidden: row.hidden,
    locked: row.locked,
    attributes: row.attributes,
  }))

const countByRow = z
  .object({ class_id: z.int(), state: annotationStateSchema, source: annotationSourceSchema, count: z.int() })
  .transform(({ class_id, ...row }): AnnotationCount => ({ classId: class_id, ...row }))

const imageIdRow = z.object({ image_id: z.int() }).transform((row) => row.image_id)

const imageClassRow = z.object({ image_id: z.int(), class_id: z.int() })

const misfitRow = z
  .object({ image_id: z.int(), path: z.string(), annotations: z.int() })
  .transform(({ image_id, ...row }): Misfit => ({ imageId: image_id, ...row }))

const imageSizeRow = z.object({ width: z.int(), height: z.int(), path: z.string() })

/** Changes that say nothing of whether an annotation is right. */
const ofLooking = ['position', 'hidden', 'locked']

/** Drafts whose place another run's drafts have taken are out of sight everywhere but in runs. */
const inSight = 'replaced_by IS NULL'

const fromCorrected = `FROM annotation WHERE ${inSight} AND similarity IS NOT NULL AND by_person = 1
  AND (state = 'rejected' OR source = 'person') ORDER BY id DESC LIMIT :limit`

export class Annotations {
  readonly #database: Database
  readonly #insert: Command
  readonly #write: Command
  readonly #byId: Query<Annotation>
  readonly #imageSize: Query<z.infer<typeof imageSizeRow>>
  readonly #classById: Query<number>

  constructor(database: Database) {
    this.#database = database
    this.#byId = database.query(`SELECT * FROM annotation WHERE id = :id AND ${inSight}`, annotationRow)
    this.#imageSize = database.query('SELECT width, height, path FROM image WHERE id = :id', imageSizeRow)
    this.#classById = database.query('SELECT id FROM class WHERE id = :id', idRow)
    this.#insert = database.command(`
      INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, polygons, holes, box_x, box_y, box_width,
        box_height, area, source, state, score, raw_score, similarity, run_id, source_annotation_id, crowd, position, attributes, by_person)
      VALUES (:imageId, :classId, :counts, :maskWidth, :maskHeight, :polygons, :holes, :boxX, :boxY, :boxWidth,
        :boxHeight, :area, :source, :state, :score, :rawScore, :similarity, :runId, :sourceAnnotationId, :crowd,
        coalesce((SELECT max(position) FROM annotation WHERE image_id = :imageId), 0), :attributes, :byPerson)`)
    this.#write = database.command(`
      UPDATE annotation SET class_id = :classId, counts = :counts, mask_width = :maskWidth, mask_height = :maskHeight,
        polygons = :polygons, holes = :holes, box_x = :boxX, box_y = :boxY, box_width = :boxWidth, box_height = :boxHeight,
        area = :area, state = :state, crowd = :crowd, position = :position, hidden = :hidden, locked = :locked,
        attributes = :attributes, by_person = max(by_person, :byPerson),
        -- A mask that a person drew is that person's, whoever proposed it.
        source = iif(counts IS :counts, source, 'person')
      WHERE id = :id`)
  }

  /**
   * In front of the others of its image.
   *
   * @returns the new id
   * @throws CribsheetError mask-size where the mask is not as large as the image, mask-invalid where it is empty,
   *   class-unknown
   */
  add(annotation: NewAnnotation): number {
    this.#checkMask(annotation.imageId, annotation.mask)
    this.#checkClass(annotation.classId)
    return this.#insert.run({
      ...maskColumns(annotation.mask),
      imageId: annotation.imageId,
      classId: annotation.classId,
      polygons: jsonOrNull(annotation.polygons),
      holes: JSON.stringify(annotation.holes ?? []),
      source: annotation.source,
      state: annotation.state ?? (annotation.source === 'proposal' ? 'draft' : 'accepted'),
      score: annotation.score ?? null,
      rawScore: annotation.rawScore ?? null,
      similarity: annotation.similarity ?? null,
      runId: annotation.runId ?? null,
      sourceAnnotationId: annotation.sourceAnnotationId ?? null,
      crowd: Number(annotation.crowd ?? false),
      attributes: JSON.stringify(annotation.attributes ?? {}),
      byPerson: Number(annotation.source === 'person'),
    }).id
  }

  /** All or none. @returns the new ids. @throws CribsheetError as add */
  addAll(annotations: readonly NewAnnotation[]): number[] {
    return this.#database.transaction(() => annotations.map((annotation) => this.add(annotation)))
  }

  get(id: number): Annotation | undefined {
    return this.#byId.get({ id })
  }

  /** From back to front. */
  ofImage(imageId: number, filter: Omit<AnnotationFilter, 'imageId'> = {}): Annotation[] {
    return this.#select({ ...filter, imageId }, 0, -1).sort((a, b) => a.position - b.position || a.id - b.id)
  }

  /** In the order of their ids, those after an id. */
  page(options: AnnotationFilter & { after?: number; limit: number }): Annotation[] {
    return this.#select(options, options.after ?? 0, options.limit)
  }

  /** All that pass, read page by page: the store may be written to in between. */
  *each(filter: AnnotationFilter = {}): Generator<Annotation> {
    let after = 0
    for (;;) {
      const annotations = this.#select(filter, after, 1000)
      yield* annotations
      const last = annotations.at(-1)
      if (last === undefined) return
      after = last.id
    }
  }

  counts(): AnnotationCount[] {
    return this.#database
      .query(
        `SELECT class_id, state, source, count(*) AS count FROM annotation WHERE ${inSight}
         GROUP BY class_id, state, source ORDER BY class_id, state, source`,
        countByRow,
      )
      .all()
  }

  /** Images with an accepted annotation, of any class or of one. */
  labelledImages(classId?: number): number[] {
    const ofClass = classId === undefined ? '' : 'AND class_id = :classId'
    return this.#database
      .query(
        `SELECT DISTINCT image_id FROM annotation WHERE state = 'accepted' AND ${inSight} ${ofClass} ORDER BY image_id`,
        imageIdRow,
      )
      .all(classId === undefined ? {} : { classId })
  }

  /** Images in which a person rejected a proposal of a class. */
  rejectedImages(classId: number): number[] {
    return this.#database
      .query(
        `SELECT DISTINCT image_id FROM annotation WHERE state = 'rejected' AND ${inSight} AND class_id = :classId
         ORDER BY image_id`,
        imageIdRow,
      )
      .all({ classId })
  }

  /** Ids of the classes with annotations in sight that were not rejected, by the id of their image. */
  classesOfImages(): Map<number, number[]> {
    const rows = this.#database
      .query(
        `SELECT DISTINCT image_id, class_id FROM annotation WHERE ${inSight} AND state <> 'rejected'
         ORDER BY image_id, class_id`,
        imageClassRow,
      )
      .all()
    const byImage = Map.groupBy(rows, ({ image_id }) => image_id)
    return new Map([...byImage].map(([id, ofImage]) => [id, ofImage.map(({ class_id }) => class_id)]))
  }

  /** Proposals that a person rejected or drew anew, the newest first. */
  corrected(limit: number): Annotation[] {
    return this.#database.query(`SELECT * ${fromCorrected}`, annotationRow).all({ limit })
  }

  /** Their ids, for which no mask is read. */
  correctedIds(limit: number): number[] {
    return this.#database.query(`SELECT id ${fromCorrected}`, idRow).all({ limit })
  }

  /** A person's change. @throws CribsheetError as add; argument-invalid where there is no such annotation */
  update(id: number, changes: AnnotationChanges): Annotation {
    return this.#database.transaction(() => {
      const changed = { ...this.#existing(id), ...changes }
      this.#checkMask(changed.imageId, changed.mask)
      this.#checkClass(changed.classId)
      this.#write.run({
        ...maskColumns(changed.mask),
        id,
        classId: changed.classId,
        polygons: jsonOrNull(changed.polygons),
        holes: JSON.stringify(changed.holes),
        state: changed.state,
        crowd: Number(changed.crowd),
        position: changed.position,
        hidden: Number(changed.hidden),
        locked: Number(changed.locked),
        attributes: JSON.stringify(changed.attributes),
        byPerson: Number(Object.keys(changes).some((name) => !ofLooking.includes(name))),
      })
      return this.#existing(id)
    })
  }

  /** A person's answer to proposals: accepted, rejected, or a draft again. @returns how many there were */
  setState(ids: readonly number[], state: State): number {
    return this.#database
      .command(
        `UPDATE annotation SET state = :state, by_person = 1
         WHERE id IN (SELECT value FROM json_each(:ids)) AND ${inSight}`,
      )
      .run({ ids: list(ids), state }).changes
  }

  /** @returns how many there were */
  remove(ids: readonly number[]): number {
    return this.#database
      .command('DELETE FROM annotation WHERE id IN (SELECT value FROM json_each(:ids))')
      .run({ ids: list(ids) }).changes
  }

  /**
   * Where a file was replaced by one of another size, its masks no longer fit. That is seen by comparing, not stored:
   * the flag goes when the file comes back or the mask is drawn anew.
   */
  misfits(): Misfit[] {
    return this.#database
      .query(
        `SELECT image_id, path, count(*) AS annotations FROM annotation JOIN image ON image.id = image_id
         WHERE ${inSight} AND missing = 0 AND problem_code IS NULL AND (mask_width <> width OR mask_height <> height)
         GROUP BY image_id ORDER BY path`,
        misfitRow,
      )
      .all()
  }

  #select(filter: AnnotationFilter, after: number, limit: number): Annotation[] {
    const conditions = [
      inSight,
      'id > :after',
      ...(filter.imageId === undefined ? [] : ['image_id = :imageId']),
      ...(filter.classId === undefined ? [] : ['class_id = :classId']),
      ...(filter.runId === undefined ? [] : ['run_id = :runId']),
      ...(filter.states ? ['state IN (SELECT value FROM json_each(:states))'] : []),
      ...(filter.sources ? ['source IN (SELECT value FROM json_each(:sources))'] : []),
    ]
    const query = this.#database.query(
      `SELECT * FROM annotation WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT :limit`,
      annotationRow,
    )
    return query.all({
      after,
      limit,
      imageId: filter.imageId ?? null,
      classId: filter.classId ?? null,
      runId: filter.runId ?? null,
      states: list(filter.states ?? []),
      sources: list(filter.sources ?? []),
    })
  }

  #existing(id: number): Annotation {
    const found = this.get(id)
    if (found) return found
    throw new CribsheetError('argument-invalid', `There is no annotation with the number ${id}.`, {
      advice: 'It may have been deleted: look at the image again.',
    })
  }

  #checkMask(imageId: number, mask: RunLengths): void {
    const image = this.#imageSize.get({ id: imageId })
    if (!image) {
      throw new CribsheetError('image-missing', `There is no image with the number ${imageId}.`, {
        advice: 'Scan the folder again.',
      })
    }
    const [height, width] = mask.size
    if (width !== image.width || height !== image.height) {
      throw new CribsheetError(
        'mask-size',
        `The mask is ${width} x ${height} pixels, its image ${image.width} x ${image.height}.`,
        { file: image.path, advice: 'Use masks of the upright image at its full size.' },
      )
    }
    if (area(mask) === 0) {
      throw new CribsheetError('mask-invalid', 'The mask is empty.', {
        file: image.path,
        advice: 'Leave the annotation out, or say that the class is not in this image.',
      })
    }
  }

  #checkClass(classId: number): void {
    if (this.#classById.get({ id: classId }) !== undefined) return
    throw new CribsheetError('class-unknown', `There is no class with the number ${classId}.`, {
      advice: 'Add the class first.',
    })
  }
}

function maskColumns(mask: RunLengths) {
  const box = boundingBox(mask)
  return {
    counts: compressCounts(mask),
    maskWidth: mask.size[1],
    maskHeight: mask.size[0],
    boxX: box.x,
    boxY: box.y,
    boxWidth: box.width,
    boxHeight: box.height,
    area: area(mask),
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}
