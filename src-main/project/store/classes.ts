import { z } from 'zod'

import {
  classColours,
  classExtentSchema,
  classSchema,
  CribsheetError,
  type Class,
  type ClassExtent,
} from '../../contract/index.ts'
import { flag } from './columns.ts'
import { ConstraintViolated, type Database } from './database.ts'

export interface NewClass {
  name: string
  /** One is chosen where none is given. */
  colour?: string | undefined
  key?: string | null | undefined
  supercategory?: string | undefined
  ignored?: boolean | undefined
  regions?: boolean | undefined
}

const classRow = z
  .object({
    id: z.int(),
    name: z.string(),
    colour: z.string(),
    key: z.string().nullable(),
    supercategory: z.string(),
    ignored: flag,
    regions: flag,
  })
  .pipe(classSchema)

export class Classes {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** In the order of their ids. */
  all(): Class[] {
    return this.#database.query('SELECT * FROM class ORDER BY id', classRow).all()
  }

  get(id: number): Class | undefined {
    return this.#database.query('SELECT * FROM class WHERE id = :id', classRow).get({ id })
  }

  byName(name: string): Class | undefined {
    return this.#database.query('SELECT * FROM class WHERE name = :name', classRow).get({ name })
  }

  /** @throws CribsheetError argument-invalid where the name is taken */
  /** The first of 1 to 9 that is no class's key. */
  freeKey(): string | null {
    const taken = new Set(this.all().map(({ key }) => key))
    return ['1', '2', '3', '4', '5', '6', '7', '8', '9'].find((key) => !taken.has(key)) ?? null
  }

  add({ name, colour, key = null, supercategory = '', ignored = false, regions = false }: NewClass): Class {
    return this.#database.transaction(() => {
      const { id } = this.#unlessTaken(name, () =>
        this.#database
          .command(
            `INSERT INTO class (name, colour, key, supercategory, ignored, regions)
             VALUES (:name, :colour, :key, :supercategory, :ignored, :regions)`,
          )
          .run({
            ...{ name, colour: colour ?? '', key, supercategory },
            ...{ ignored: Number(ignored), regions: Number(regions) },
          }),
      )
      return this.update(id, { colour: colour ?? colourOf(id) })
    })
  }

  /** @throws CribsheetError class-unknown; argument-invalid where the name is taken */
  update(id: number, changes: Partial<Omit<Class, 'id'>>): Class {
    const changed = { ...this.#existing(id), ...changes }
    this.#unlessTaken(changed.name, () =>
      this.#database
        .command(
          `UPDATE class SET name = :name, colour = :colour, key = :key, supercategory = :supercategory,
             ignored = :ignored, regions = :regions
           WHERE id = :id`,
        )
        .run({ ...changed, ignored: Number(changed.ignored), regions: Number(changed.regions) }),
    )
    return changed
  }

  /** Removes the class with its annotations and negatives. @throws CribsheetError class-unknown */
  remove(id: number): void {
    this.#existing(id)
    this.#database.transaction(() => {
      for (const table of ['annotation', 'negative']) {
        this.#database.command(`DELETE FROM ${table} WHERE class_id = :id`).run({ id })
      }
      this.#database.command('DELETE FROM class WHERE id = :id').run({ id })
    })
  }

  /**
   * Makes everything of a class one of another, and removes it. What is said not to be in an image must be so of both.
   * @throws CribsheetError class-unknown; argument-invalid where both are the same
   */
  merge(id: number, into: number): void {
    const { name } = this.#existing(id)
    if (id === into)
      throw new CribsheetError('argument-invalid', `${name} cannot be merged into itself.`, {
        advice: 'Choose another class.',
      })
    this.#existing(into)
    const run = (sql: string) => this.#database.command(sql).run({ id, into })
    this.#database.transaction(() => {
      run('UPDATE annotation SET class_id = :into WHERE class_id = :id')
      run(`DELETE FROM negative WHERE class_id = :into
           AND image_id NOT IN (SELECT image_id FROM negative WHERE class_id = :id)`)
      this.remove(id)
    })
  }

  /** How much there is of a class, and in how many images. */
  extent(id: number): ClassExtent {
    const extent = this.#database
      .query(
        `SELECT count(*) FILTER (WHERE state = 'accepted') AS accepted, count(*) FILTER (WHERE state = 'draft') AS drafts,
           count(*) FILTER (WHERE state = 'rejected') AS rejected, count(DISTINCT image_id) AS images,
           (SELECT count(*) FROM negative WHERE class_id = :id) AS negatives
         FROM annotation WHERE class_id = :id AND replaced_by IS NULL`,
        classExtentSchema,
      )
      .get({ id })
    return classExtentSchema.parse(extent)
  }

  #existing(id: number): Class {
    const found = this.get(id)
    if (found) return found
    throw new CribsheetError('class-unknown', `There is no class with the number ${id}.`, {
      advice: 'List the classes of the project.',
    })
  }

  #unlessTaken<Result>(name: string, write: () => Result): Result {
    try {
      return write()
    } catch (cause) {
      if (!(cause instanceof ConstraintViolated)) throw cause
      throw new CribsheetError('argument-invalid', `There is already a class called ${name}.`, {
        advice: 'Choose another name.',
        cause,
      })
    }
  }
}

/** After those, hues a golden angle apart: any number of classes stay as different as they can. */
function colourOf(id: number): string {
  return classColours.at(id - 1) ?? hueOf(id)
}

function hueOf(id: number): string {
  const hue = (id * 137.508) % 360
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (0.55 - 0.38 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
