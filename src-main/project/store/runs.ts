import { z } from 'zod'

import {
  CribsheetError,
  runKindSchema,
  runSchema,
  runStateSchema,
  type Annotation,
  type Run,
  type RunCounts,
} from '../../contract/index.ts'
import { intersectionOverUnion } from '../../masks/index.ts'
import type { Annotations, NewAnnotation } from './annotations.ts'
import { idRow, json, list } from './columns.ts'
import type { Command, Database, Query } from './database.ts'

/** A proposal to be kept as a draft. */
export type NewDraft = Omit<NewAnnotation, 'imageId' | 'runId' | 'source' | 'state'>

export interface UndoneRun {
  /** Annotations that went. */
  removed: number
  /** Annotations of the run that a person changed, accepted or rejected, and that therefore stay. */
  kept: number
  /** Drafts of earlier runs that are back in their place. */
  restored: number
}

/** What becomes of the drafts of earlier runs for the same classes and image. */
export type DraftMode = 'replace' | 'add'

const jsonObject = json(z.record(z.string(), z.unknown()))

const runRow = z
  .object({
    id: z.int(),
    kind: runKindSchema,
    settings: jsonObject,
    started_at: z.number(),
    finished_at: z.number().nullable(),
    state: runStateSchema,
    summary: jsonObject,
  })
  .transform(({ started_at, finished_at, ...row }) => ({ ...row, startedAt: started_at, finishedAt: finished_at }))
  .pipe(runSchema)

const imageIdRow = z.object({ image_id: z.int() }).transform((row) => row.image_id)
const classIdRow = z.object({ class_id: z.int() }).transform((row) => row.class_id)

const countsRow = z
  .object({
    ...{ run_id: z.int(), drafts: z.int(), accepted: z.int(), rejected: z.int() },
    ...{ replaced: z.int(), by_person: z.int() },
  })
  .transform(({ run_id, by_person, ...counts }) => ({ runId: run_id, counts: { ...counts, byPerson: by_person } }))

/** From this overlap on two masks of a class are about the same object. */
const sameObject = 0.5

/** Drafts that were replaced come back with undo for as many propagations. */
const undoablePropagations = 3

/** Rows deleted in one transaction: it bounds the write-ahead log. */
const deletedAtOnce = 10_000

/**
 * Propagations, imports and trainings: listed, and undone.
 *
 * A propagation writes the drafts of one image in one transaction. The drafts of earlier runs for the same classes
 * and image step back (`replaced_by`) and return when the run is undone. Nothing that a person drew, changed,
 * accepted or rejected, nothing imported and nothing accepted is touched by a run.
 */
export class Runs {
  readonly #database: Database
  readonly #annotations: Annotations
  readonly #byId: Query<Run>
  readonly #classes: Query<number>
  readonly #replaceDrafts: Command
  readonly #deleteOwnDrafts: Command
  readonly #markReached: Command
  readonly #absentClasses: Query<number>

  constructor(database: Database, annotations: Annotations) {
    this.#database = database
    this.#annotations = annotations
    this.#byId = database.query('SELECT * FROM run WHERE id = :id', runRow)
    this.#classes = database.query('SELECT class_id FROM run_class WHERE run_id = :id', classIdRow)
    this.#replaceDrafts = database.command(`
      UPDATE annotation SET replaced_by = :id
      WHERE image_id = :imageId AND state = 'draft' AND source = 'proposal' AND by_person = 0 AND locked = 0 AND replaced_by IS NULL
        AND run_id <> :id AND class_id IN (SELECT class_id FROM run_class WHERE run_id = :id)`)
    this.#deleteOwnDrafts = database.command(`
      DELETE FROM annotation
      WHERE image_id = :imageId AND run_id = :id AND state = 'draft' AND by_person = 0 AND locked = 0`)
    this.#markReached = database.command(
      'INSERT INTO run_image (image_id, run_id) VALUES (:imageId, :id) ON CONFLICT DO NOTHING',
    )
    this.#absentClasses = database.query('SELECT class_id FROM negative WHERE image_id = :imageId', classIdRow)
  }

  /** @param classIds the classes that a propagation looks for */
  begin(kind: Run['kind'], settings: Run['settings'], options: { classIds?: readonly number[] } = {}): Run {
    const id = this.#database.transaction(() => {
      const { id } = this.#database
        .command(
          `INSERT INTO run (kind, settings, started_at, state, summary) VALUES (:kind, :settings, :now, 'running', '{}')`,
        )
        .run({ kind, settings: JSON.stringify(settings), now: Date.now() })
      this.#database
        .command('INSERT INTO run_class (run_id, class_id) SELECT :id, value FROM json_each(:classIds)')
        .run({ id, classIds: list(options.classIds ?? []) })
      return id
    })
    if (kind === 'propagation') this.#dropOldDrafts()
    return this.existing(id)
  }

  finish(id: number, summary: Run['summary']): Run {
    return this.#end(id, 'finished', summary)
  }

  /** What it wrote stays until it is undone. */
  cancel(id: number, summary: Run['summary'] = {}): Run {
    return this.#end(id, 'cancelled', summary)
  }

  /** To be gone on with: see `resume`. */
  pause(id: number, summary: Run['summary']): Run {
    return this.#end(id, 'paused', summary)
  }

  /** The run goes on, under its number. @throws CribsheetError run-missing */
  resume(id: number): Run {
    this.#database.command(`UPDATE run SET state = 'running', finished_at = NULL WHERE id = :id`).run({ id })
    return this.existing(id)
  }

  /** What it wrote stays until it is undone. */
  fail(id: number, reason: string, summary: Run['summary'] = {}): Run {
    return this.#end(id, 'failed', { ...summary, reason })
  }

  get(id: number): Run | undefined {
    return this.#byId.get({ id })
  }

  /** @throws CribsheetError run-missing */
  existing(id: number): Run {
    const run = this.get(id)
    if (run) return run
    throw new CribsheetError('run-missing', `There is no run with the number ${id}.`, {
      advice: 'List the runs of the project.',
    })
  }

  /** Newest first. */
  all(kind?: Run['kind']): Run[] {
    const ofKind = kind === undefined ? '' : 'WHERE kind = :kind'
    return this.#database
      .query(`SELECT * FROM run ${ofKind} ORDER BY id DESC`, runRow)
      .all(kind === undefined ? {} : { kind })
  }

  /** Ids of the images that a propagation has answered. */
  reachedImages(id: number): number[] {
    return this.#database
      .query('SELECT image_id FROM run_image WHERE run_id = :id ORDER BY image_id', imageIdRow)
      .all({ id })
  }

  /** What has become of what each run made, by its number; runs that made nothing are left out. */
  counts(): Map<number, RunCounts> {
    const rows = this.#database
      .query(
        `SELECT run_id,
           count(*) FILTER (WHERE state = 'draft' AND replaced_by IS NULL) AS drafts,
           count(*) FILTER (WHERE state = 'accepted' AND replaced_by IS NULL) AS accepted,
           count(*) FILTER (WHERE state = 'rejected' AND replaced_by IS NULL) AS rejected,
           count(*) FILTER (WHERE replaced_by IS NOT NULL) AS replaced,
           count(*) FILTER (WHERE by_person = 1) AS by_person
         FROM annotation WHERE run_id IS NOT NULL GROUP BY run_id`,
        countsRow,
      )
      .all()
    return new Map(rows.map(({ runId, counts }) => [runId, counts]))
  }

  /** Ids of what a run made and what is in sight of it, in order, those after an id. */
  annotations(id: number, { after, limit }: { after: number; limit: number }): number[] {
    return this.#database
      .query(
        `SELECT id FROM annotation WHERE run_id = :id AND id > :after AND replaced_by IS NULL ORDER BY id LIMIT :limit`,
        idRow,
      )
      .all({ id, after, limit })
  }

  /** More classes for a propagation to look for. */
  addClasses(id: number, classIds: readonly number[]): void {
    this.#database
      .command(
        'INSERT INTO run_class (run_id, class_id) SELECT :id, value FROM json_each(:classIds) WHERE true ON CONFLICT DO NOTHING',
      )
      .run({ id, classIds: list(classIds) })
  }

  /**
   * The answer of a propagation for one image, in one transaction; a second one for the same image takes the place of
   * the first. Left out are classes that a person said are not in the image, and drafts about an object that something
   * there is about already: what a person drew or answered is not asked again.
   * @param mode what becomes of the drafts of earlier runs
   * @returns the ids of the drafts written
   * @throws CribsheetError class-unknown for a class that the run does not look for, mask-size, mask-invalid
   */
  writeDrafts(id: number, imageId: number, drafts: readonly NewDraft[], mode: DraftMode = 'replace'): number[] {
    return this.#database.transaction(() => {
      const classes = new Set(this.#classes.all({ id }))
      const absent = new Set(this.#absentClasses.all({ imageId }))
      const stray = drafts.find(({ classId }) => !classes.has(classId))
      if (stray) {
        throw new CribsheetError(
          'class-unknown',
          `Run ${id} does not look for the class with the number ${stray.classId}.`,
          {
            advice: 'Begin the run with all classes that it proposes.',
          },
        )
      }
      if (mode === 'replace') this.#replaceDrafts.run({ id, imageId })
      this.#deleteOwnDrafts.run({ id, imageId })
      this.#markReached.run({ id, imageId })
      const there = this.#annotations.ofImage(imageId)
      return drafts
        .filter((draft) => !absent.has(draft.classId) && !there.some((each) => isSameObject(each, draft)))
        .map((draft) => this.#annotations.add({ ...draft, imageId, runId: id, source: 'proposal', state: 'draft' }))
    })
  }

  /**
   * Accepts the drafts of a run from a score on.
   * @param by 'person': a person chose so, and undoing the run leaves them; 'run': part of the run, undone with it
   * @returns how many
   */
  acceptAbove(id: number, score: number, by: 'person' | 'run'): number {
    this.existing(id)
    return this.#database
      .command(
        `UPDATE annotation SET state = 'accepted', by_person = :byPerson
         WHERE run_id = :id AND state = 'draft' AND replaced_by IS NULL AND score >= :score`,
      )
      .run({ id, score, byPerson: Number(by === 'person') }).changes
  }

  /**
   * Takes back what a propagation or an import made, save what a person has since changed, accepted or rejected, and
   * brings back the drafts that it replaced, unless a later run has answered that image for that class.
   * @throws CribsheetError run-missing; argument-invalid for a run that cannot be undone
   */
  undo(id: number): UndoneRun {
    const run = this.existing(id)
    if (run.kind === 'training' || run.state === 'running' || run.state === 'undone') {
      const why =
        run.kind === 'training' ? 'is a training' : run.state === 'undone' ? 'is undone already' : 'has not ended'
      throw new CribsheetError('argument-invalid', `Run ${id} ${why}.`, {
        advice: 'List the runs of the project and choose a finished propagation or import.',
      })
    }
    return this.#database.transaction(() => {
      const removed = this.#database
        .command('DELETE FROM annotation WHERE run_id = :id AND by_person = 0')
        .run({ id }).changes
      const kept = this.#database.query('SELECT id FROM annotation WHERE run_id = :id', idRow).all({ id }).length
      const restored = this.#bringBack(id)
      const undone = { removed, kept, restored }
      this.#end(id, 'undone', { ...run.summary, undone })
      return undone
    })
  }

  /** For the opening of a project: what still runs was cut off by a crash. @returns the runs it was */
  failInterrupted(): Run[] {
    const interrupted = this.#database.query(`SELECT * FROM run WHERE state = 'running'`, runRow).all()
    return interrupted.map(({ id, summary }) => this.fail(id, 'Cribsheet ended before the run did.', summary))
  }

  #end(id: number, state: Run['state'], summary: Run['summary']): Run {
    this.#database
      .command('UPDATE run SET state = :state, finished_at = :now, summary = :summary WHERE id = :id')
      .run({ id, state, summary: JSON.stringify(summary), now: Date.now() })
    return this.existing(id)
  }

  /**
   * Drafts that the run replaced pass to the next run that answered the same image for the same class, or come back
   * into sight.
   */
  #bringBack(id: number): number {
    const restored = this.#database
      .query(
        `UPDATE annotation SET replaced_by = (
           SELECT min(run.id) FROM run
             JOIN run_image ON run_image.run_id = run.id AND run_image.image_id = annotation.image_id
             JOIN run_class ON run_class.run_id = run.id AND run_class.class_id = annotation.class_id
           WHERE run.id > :id AND run.state <> 'undone')
         WHERE replaced_by = :id RETURNING replaced_by`,
        z.object({ replaced_by: z.int().nullable() }),
      )
      .all({ id })
    return restored.filter(({ replaced_by }) => replaced_by === null).length
  }

  #dropOldDrafts(): void {
    const drop = this.#database.command(`
      DELETE FROM annotation WHERE id IN (
        SELECT id FROM annotation WHERE replaced_by IS NOT NULL AND replaced_by NOT IN (
          SELECT id FROM run WHERE kind = 'propagation' ORDER BY id DESC LIMIT ${undoablePropagations}
        ) LIMIT ${deletedAtOnce}
      )`)
    while (drop.run().changes > 0);
  }
}

function isSameObject(there: Annotation, { classId, mask }: NewDraft): boolean {
  // What does not fit its image any more is about nothing in it.
  if (there.classId !== classId || there.mask.size.some((side, i) => side !== mask.size[i])) return false
  return intersectionOverUnion(there.mask, mask) >= sameObject
}
