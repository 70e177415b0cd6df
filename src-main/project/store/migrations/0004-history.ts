import type { Database } from '../database.ts'

/** Undo and redo across restarts: each action of a person, and the rows that it changed. */
export function migrateTo4(database: Database): void {
  database.execute(`
    CREATE TABLE action (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      label TEXT NOT NULL,
      at REAL NOT NULL,
      undone INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE change (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      action_id INTEGER NOT NULL REFERENCES action ON DELETE CASCADE,
      entity TEXT NOT NULL,
      row_id INTEGER NOT NULL,
      before TEXT, -- JSON of the columns; null where the row was made
      after TEXT -- null where the row was deleted
    ) STRICT;
    CREATE INDEX change_action ON change (action_id);
  `)
}
