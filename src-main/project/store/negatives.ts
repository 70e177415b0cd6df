import { z } from 'zod'

import type { Command, Database, Query } from './database.ts'

const imageRow = z.object({ image_id: z.int() }).transform((row) => row.image_id)
const classRow = z.object({ class_id: z.int() }).transform((row) => row.class_id)

/** "This class is not in this image": an answer of a person, as good as a mask. */
export class Negatives {
  readonly #add: Command
  readonly #remove: Command
  readonly #ofImage: Query<number>
  readonly #ofClass: Query<number>

  constructor(database: Database) {
    this.#add = database.command(
      'INSERT INTO negative (image_id, class_id) VALUES (:imageId, :classId) ON CONFLICT DO NOTHING',
    )
    this.#remove = database.command('DELETE FROM negative WHERE image_id = :imageId AND class_id = :classId')
    this.#ofImage = database.query(
      'SELECT class_id FROM negative WHERE image_id = :imageId ORDER BY class_id',
      classRow,
    )
    this.#ofClass = database.query(
      'SELECT image_id FROM negative WHERE class_id = :classId ORDER BY image_id',
      imageRow,
    )
  }

  add(imageId: number, classId: number): void {
    this.#add.run({ imageId, classId })
  }

  remove(imageId: number, classId: number): void {
    this.#remove.run({ imageId, classId })
  }

  /** Ids of the classes that are not in the image. */
  ofImage(imageId: number): number[] {
    return this.#ofImage.all({ imageId })
  }

  /** Ids of the images without the class. */
  ofClass(classId: number): number[] {
    return this.#ofClass.all({ classId })
  }
}
