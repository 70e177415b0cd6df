import type { Database } from '../database.ts'

/** Images and settings. */
export function migrateTo1(database: Database): void {
  database.execute(`
    CREATE TABLE image (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      path TEXT NOT NULL,
      name TEXT NOT NULL, -- the last part of the path: imports look images up by it
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      orientation INTEGER NOT NULL,
      hash TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      modified_at REAL NOT NULL,
      split TEXT,
      problem_code TEXT,
      problem_message TEXT,
      missing INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    -- A missing image keeps its last path, which another file may have taken since.
    CREATE UNIQUE INDEX image_path ON image (path) WHERE missing = 0;
    CREATE INDEX image_name ON image (name);

    CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `)
}
