import type { Database } from '../database.ts'

/** What a training measured on its way, and the weights that it chose among. A run may be paused from now on. */
export function migrateTo5(database: Database): void {
  database.execute(`
    CREATE TABLE metric (
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      name TEXT NOT NULL,
      step INTEGER NOT NULL,
      value REAL, -- null where it was not a finite number
      at REAL NOT NULL,
      PRIMARY KEY (run_id, name, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE candidate (
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      step INTEGER NOT NULL, -- 0: the weights that the training started from
      file TEXT, -- null for a network that never was a file
      held_out REAL, -- null where nothing could be measured
      kept INTEGER NOT NULL,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX candidate_kept ON candidate (run_id) WHERE kept = 1;
  `)
}
