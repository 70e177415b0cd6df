import type { Database } from '../database.ts'

/** Undo per image: the image that an action belongs to; null for one of the whole project. */
export function migrateTo6(database: Database): void {
  database.execute(`
    ALTER TABLE action ADD COLUMN image_id INTEGER;
    CREATE INDEX action_image ON action (image_id, undone, id);
  `)
}
