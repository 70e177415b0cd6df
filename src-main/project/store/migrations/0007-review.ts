import type { Database } from '../database.ts'

/** Review: actions on many images at once, and proposals in the order of their certainty. */
export function migrateTo7(database: Database): void {
  database.execute(`
    -- 1: on many images at once, in the history of none of them.
    ALTER TABLE action ADD COLUMN across INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX change_row ON change (entity, row_id);
    CREATE INDEX annotation_draft ON annotation (score) WHERE state = 'draft' AND replaced_by IS NULL;
  `)
}
