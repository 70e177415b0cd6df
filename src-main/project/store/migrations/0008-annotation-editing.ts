import type { Database } from '../database.ts'

/** What a person does with annotations beside drawing them: holes, order, hiding and locking. */
export function migrateTo8(database: Database): void {
  database.execute(`
    ALTER TABLE annotation ADD COLUMN holes TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE annotation ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE annotation ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE annotation ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
    -- Finds the annotations of an image as the index before it did, and which is in front at once.
    DROP INDEX annotation_image;
    CREATE INDEX annotation_image ON annotation (image_id, position);
  `)
}
