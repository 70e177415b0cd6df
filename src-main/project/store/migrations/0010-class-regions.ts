import type { Database } from '../database.ts'

/** Whether a class is masked as a whole, one mask an image, instead of object by object. */
export function migrateTo10(database: Database): void {
  database.execute('ALTER TABLE class ADD COLUMN regions INTEGER NOT NULL DEFAULT 0')
}
