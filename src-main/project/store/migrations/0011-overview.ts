import type { Database } from '../database.ts'

/** The overview: how an image came into its split, why it is skipped, when its annotations changed, and counts that are quick. */
export function migrateTo11(database: Database): void {
  database.execute(`
    -- 1: a person put it there, and no division of the folder moves it.
    ALTER TABLE image ADD COLUMN split_by_person INTEGER NOT NULL DEFAULT 0;
    -- Why a person wants it left out; null where it is not.
    ALTER TABLE image ADD COLUMN skipped TEXT;
    -- Milliseconds since 1970; null before its first annotation.
    ALTER TABLE image ADD COLUMN changed_at REAL;
    UPDATE image SET changed_at = (SELECT max(at) FROM action WHERE image_id = image.id);

    -- Each holds all that is counted: the rows with their long masks need not be read.
    CREATE INDEX image_missing ON image (id) WHERE missing = 1;
    DROP INDEX annotation_class;
    CREATE INDEX annotation_class ON annotation (class_id, state, replaced_by, area, source, image_id);
    CREATE INDEX annotation_listed ON annotation (image_id, replaced_by, state, class_id, score);
  `)
  const changes: [string, string, string][] = [
    ['annotation', 'INSERT', 'NEW'],
    // What is only of looking (order, hiding, locking) is no change.
    ['annotation', 'UPDATE OF class_id, counts, polygons, holes, state, crowd, attributes, replaced_by', 'NEW'],
    ['annotation', 'DELETE', 'OLD'],
    ['negative', 'INSERT', 'NEW'],
    ['negative', 'DELETE', 'OLD'],
  ]
  for (const [table, event, row] of changes)
    database.execute(`
      CREATE TRIGGER ${table}_${event.split(' ')[0].toLowerCase()}_dates_image AFTER ${event} ON ${table} BEGIN
        UPDATE image SET changed_at = unixepoch('subsec') * 1000 WHERE id = ${row}.image_id;
      END`)
}
