import { z } from 'zod'

import { CribsheetError } from '../../contract/index.ts'
import { flag, idRow, json } from './columns.ts'
import { ConstraintViolated, type Database } from './database.ts'

/** Tables whose rows a person changes. */
const entities = ['class', 'annotation', 'negative', 'image'] as const
type Entity = (typeof entities)[number]

/** The rest of an image is its file's: no undo may touch it. */
const ownColumns: Partial<Record<Entity, readonly string[]>> = { image: ['split', 'split_by_person', 'skipped'] }

/** Actions of one image that can be undone; older ones are forgotten. */
const remembered = 1000
/** Actions on many images, which may be large. */
const rememberedAcross = 50

const row = json(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
type Row = z.infer<typeof row>

const changeRow = z.object({
  entity: z.enum(entities),
  row_id: z.int(),
  before: row.nullable(),
  after: row.nullable(),
})
type Change = z.infer<typeof changeRow>

const actionRow = z
  .object({ id: z.int(), label: z.string(), image_id: z.int().nullable(), across: flag })
  .transform(({ image_id, ...row }) => ({ ...row, imageId: image_id }))
type Action = z.infer<typeof actionRow>
const actionColumns = 'action.id, label, action.image_id, across'

/** An action as the history of everything tells it; of no single image where `imageId` is null. */
export type HistoryStep = Pick<Action, 'label' | 'imageId'>

/** What undo or redo has done. */
export interface DoneStep extends HistoryStep {
  /** Of an action across images: how many rows were brought back, how many stay since they were changed or locked, on which images. */
  across: { changed: number; kept: number; imageIds: number[] } | null
}

/** Whose history an action belongs to. Actions across images are in that of each image that they changed, but not in the project's. */
interface Scope {
  imageId: number | null
  across: 0 | 1
}

const ofScope = 'image_id IS :imageId AND across = :across'

/** The actions of an image, or (null) the project's own: those that are recorded as its, and those across images that changed it. */
const actionsOf = [
  'image_id IS :imageId AND across = 0',
  `image_id IS NULL AND across = 1 AND id IN (
     SELECT action_id FROM annotation JOIN change ON entity = 'annotation' AND row_id = annotation.id
     WHERE annotation.image_id = :imageId)`,
]

/**
 * Undo and redo of a person's actions, across restarts: each image has a history of its own, and so has the project for what
 * belongs to no image. SQLite's triggers note every row that an action changes, before and
 * after (https://www.sqlite.org/undoredo.html), so no part of the store can forget to.
 */
export class History {
  readonly #database: Database
  /** The action that is being recorded. */
  #action: number | null = null

  constructor(database: Database) {
    this.#database = database
    database.define('current_action', () => this.#action)
    for (const entity of entities) {
      if (ownColumns[entity]) this.#watchUpdates(entity)
      else this.#watch(entity)
    }
  }

  /**
   * Does the work as one action: one transaction, one step of undo.
   * @param label what a person reads beside Undo: "Accept 12 proposals"
   * @param imageId the image whose history it belongs to; null for the project's
   */
  record<Result>(label: string, work: () => Result, imageId: number | null = null): Result {
    return this.#record(label, work, { imageId, across: 0 }).result
  }

  /**
   * As record, for one action on many images. It is one step in the history of each of them and in that of everything
   * (`undoNewest`), and can be taken back later too.
   * @returns its number beside the result; null where the work changed nothing
   */
  recordAcross<Result>(label: string, work: () => Result): { result: Result; action: number | null } {
    return this.#record(label, work, { imageId: null, across: 1 })
  }

  #record<Result>(label: string, work: () => Result, scope: Scope): { result: Result; action: number | null } {
    return this.#database.transaction(() => {
      // A new action ends what could be redone.
      this.#database.command(`DELETE FROM action WHERE undone = 1 AND ${ofScope}`).run({ ...scope })
      const { id } = this.#database
        .command('INSERT INTO action (label, at, image_id, across) VALUES (:label, :at, :imageId, :across)')
        .run({ label, at: Date.now(), ...scope })
      const result = this.#recording(id, work)
      const nothing = this.#database
        .command('DELETE FROM action WHERE id = :id AND NOT EXISTS (SELECT * FROM change WHERE action_id = :id)')
        .run({ id })
      this.#forgetOldest(scope)
      return { result, action: nothing.changes === 1 ? null : id }
    })
  }

  #recording<Result>(action: number, work: () => Result): Result {
    this.#action = action
    try {
      return work()
    } finally {
      this.#action = null
    }
  }

  /** The labels of what undo and redo would do, null for nothing. */
  next(imageId: number | null = null): { undo: string | null; redo: string | null } {
    return { undo: this.#toUndo(imageId)?.label ?? null, redo: this.#toRedo(imageId)?.label ?? null }
  }

  /**
   * Undoes the last action. One across images is undone on all of them; what was changed since or is locked stays as it is.
   * @returns what was undone, null where there is nothing to undo
   * @throws CribsheetError history-conflict where what was done since stands in the way
   */
  undo(imageId: number | null = null): DoneStep | null {
    return this.#step(this.#toUndo(imageId), 1)
  }

  /** As undo. */
  redo(imageId: number | null = null): DoneStep | null {
    return this.#step(this.#toRedo(imageId), 0)
  }

  /** What undo and redo of everything would do: the last action, whichever image it is of. */
  newest(): { undo: HistoryStep | null; redo: HistoryStep | null } {
    const step = (action: Action | undefined) => (action ? { label: action.label, imageId: action.imageId } : null)
    return { undo: step(this.#newestToUndo()), redo: step(this.#newestToRedo()) }
  }

  /** @returns what was undone, null where there is nothing to undo. @throws CribsheetError history-conflict */
  undoNewest(): DoneStep | null {
    return this.#step(this.#newestToUndo(), 1)
  }

  /** As undoNewest. Only what was undone last can be redone: an action since ends it. */
  redoNewest(): DoneStep | null {
    return this.#step(this.#newestToRedo(), 0)
  }

  /**
   * Undoes an action across images, whatever was done since.
   * @returns how many rows are as they were before it, and how many stay since they were changed or locked
   * @throws CribsheetError history-conflict
   */
  takeBack(id: number): { takenBack: number; kept: number } {
    const action = this.#database
      .query(`SELECT ${actionColumns} FROM action WHERE id = :id AND undone = 0 AND across = 1`, actionRow)
      .get({ id })
    const { changed, kept } = this.#step(action, 1)?.across ?? { changed: 0, kept: 0 }
    return { takenBack: changed, kept }
  }

  #step(action: Action | undefined, undone: 0 | 1): DoneStep | null {
    if (!action) return null
    const { id, label, imageId } = action
    return this.#withoutConflict(action, () => {
      const imageIds = action.across ? this.#imagesOf(id) : []
      const kept = action.across ? this.#spareWhatChangedSince(id) : 0
      const changes = this.#changes(id)
      if (undone === 1) this.#apply(action, changes.reverse(), 1)
      else this.#apply(action, changes.map(turnedRound), 0)
      return { label, imageId, across: action.across ? { changed: changes.length, kept, imageIds } : null }
    })
  }

  /** Rows that an action across images changed stay as they are, from now on, where they were changed since or are locked. */
  #spareWhatChangedSince(id: number): number {
    return this.#database
      .command(
        `DELETE FROM change WHERE action_id = :id AND (
           EXISTS (
             SELECT * FROM change AS later JOIN action ON action.id = later.action_id
             WHERE later.entity = change.entity AND later.row_id = change.row_id AND later.action_id > :id AND undone = 0)
           OR entity = 'annotation' AND row_id IN (SELECT id FROM annotation WHERE locked = 1))`,
      )
      .run({ id }).changes
  }

  #imagesOf(id: number): number[] {
    return this.#database
      .query(
        `SELECT DISTINCT annotation.image_id AS id FROM change JOIN annotation ON annotation.id = row_id
         WHERE action_id = :id AND entity = 'annotation'`,
        idRow,
      )
      .all({ id })
  }

  #newestToUndo() {
    return this.#database
      .query(`SELECT ${actionColumns} FROM action WHERE undone = 0 ORDER BY id DESC LIMIT 1`, actionRow)
      .get()
  }

  #newestToRedo() {
    return this.#database
      .query(
        `SELECT ${actionColumns} FROM action
         WHERE undone = 1 AND id > (SELECT coalesce(max(id), 0) FROM action WHERE undone = 0) ORDER BY id LIMIT 1`,
        actionRow,
      )
      .get()
  }

  #toUndo(imageId: number | null) {
    return this.#ofImage(imageId, 'undone = 0 ORDER BY id DESC')
      .sort((a, b) => b.id - a.id)
      .at(0)
  }

  /** Only what was undone last: one across images may have been taken back before something that still holds. */
  #toRedo(imageId: number | null) {
    const after = this.#toUndo(imageId)?.id ?? 0
    return this.#ofImage(imageId, `undone = 1 AND id > ${after} ORDER BY id`)
      .sort((a, b) => a.id - b.id)
      .at(0)
  }

  /** The first of its own, and the first across images. */
  #ofImage(imageId: number | null, which: string): Action[] {
    return actionsOf.flatMap(
      (own) =>
        this.#database
          .query(`SELECT ${actionColumns} FROM action WHERE ${own} AND ${which} LIMIT 1`, actionRow)
          .get({ imageId }) ?? [],
    )
  }

  #forgetOldest({ imageId, across }: Scope): void {
    this.#database
      .command(
        `DELETE FROM action WHERE id IN (
           SELECT id FROM action WHERE ${ofScope} ORDER BY id DESC LIMIT -1 OFFSET :remembered)`,
      )
      .run({ imageId, across, remembered: across ? rememberedAcross : remembered })
  }

  #changes(actionId: number): Change[] {
    return this.#database
      .query('SELECT entity, row_id, before, after FROM change WHERE action_id = :actionId ORDER BY id', changeRow)
      .all({ actionId })
  }

  /** Brings the rows to what they were `before` each change. */
  #apply(action: Action, changes: Change[], undone: 0 | 1): void {
    this.#database.pragma('defer_foreign_keys = ON')
    changes.forEach((change) => this.#revert(change))
    this.#run(`UPDATE action SET undone = ${undone} WHERE id = :id`, action.id)
  }

  /** All or nothing. @throws CribsheetError history-conflict */
  #withoutConflict<Result>(action: Action, work: () => Result): Result {
    try {
      return this.#database.transaction(work)
    } catch (cause) {
      if (!(cause instanceof ConstraintViolated)) throw cause
      throw new CribsheetError('history-conflict', `"${action.label}" can no longer be changed.`, {
        advice: 'What was done since builds on it: take that back first.',
        cause,
      })
    }
  }

  #revert({ entity, row_id: id, before, after }: Change): void {
    const columns = Object.keys(before ?? {})
    const known = this.#columns(entity)
    const stranger = columns.find((column) => !known.includes(column))
    if (stranger !== undefined) throw new ConstraintViolated(`${entity} has no ${stranger}`)

    const { changes } = this.#database.command(reversal(entity, columns, before, after)).run({ ...before, id })
    if (changes !== 1) throw new ConstraintViolated(`${entity} ${id} is no longer what it was`)
  }

  /**
   * Notes what becomes of the rows of a table while an action is recorded. Of an update only the columns that change:
   * masks are long.
   */
  #watch(entity: Entity): void {
    const columns = this.#columns(entity)
    const whole = (when: string) => `json_object(${columns.map((name) => `'${name}', ${when}.${name}`).join(', ')})`
    this.#note(entity, 'INSERT', 'NEW.id', 'NULL', whole('NEW'))
    this.#watchUpdates(entity)
    this.#note(entity, 'DELETE', 'OLD.id', whole('OLD'), 'NULL')
  }

  #watchUpdates(entity: Entity): void {
    const columns = this.#columns(entity)
    const changed = (when: string) => {
      const members = columns.map(
        (name) => `iif(OLD.${name} IS NEW.${name}, '', ',"${name}":' || json_quote(${when}.${name}))`,
      )
      return `'{' || ltrim(${members.join(' || ')}, ',') || '}'`
    }
    this.#note(entity, `UPDATE OF ${columns.join(', ')}`, 'NEW.id', changed('OLD'), changed('NEW'))
  }

  #note(entity: Entity, event: string, id: string, before: string, after: string): void {
    this.#database.execute(`
      CREATE TEMP TRIGGER ${entity}_${event.slice(0, 6)} AFTER ${event} ON ${entity} WHEN current_action() IS NOT NULL BEGIN
        INSERT INTO change (action_id, entity, row_id, before, after)
        VALUES (current_action(), '${entity}', ${id}, ${before}, ${after});
      END`)
  }

  /** Those that an action can change. */
  #columns(entity: Entity): readonly string[] {
    const own = ownColumns[entity]
    if (own) return own
    return this.#database
      .query('SELECT name FROM pragma_table_info(:entity)', z.object({ name: z.string() }))
      .all({ entity })
      .map(({ name }) => name)
  }

  #run(sql: string, id?: number): void {
    this.#database.command(sql).run(id === undefined ? {} : { id })
  }
}

/** What redo does, as what undo does. */
function turnedRound({ before, after, ...change }: Change): Change {
  return { ...change, before: after, after: before }
}

function reversal(entity: string, columns: string[], before: Row | null, after: Row | null): string {
  if (before === null) return `DELETE FROM ${entity} WHERE id = :id`
  if (after === null) {
    return `INSERT INTO ${entity} (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})`
  }
  // An update that changed nothing has no columns.
  const settings = columns.map((name) => `${name} = :${name}`)
  return `UPDATE ${entity} SET ${settings.join(', ') || 'id = id'} WHERE id = :id`
}
