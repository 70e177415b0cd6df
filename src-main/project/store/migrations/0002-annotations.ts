import type { Database } from '../database.ts'

/** Classes, runs, annotations and negatives. */
export function migrateTo2(database: Database): void {
  database.execute(`
    CREATE TABLE class (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      colour TEXT NOT NULL,
      key TEXT,
      supercategory TEXT NOT NULL,
      ignored INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      settings TEXT NOT NULL,
      started_at REAL NOT NULL,
      finished_at REAL,
      state TEXT NOT NULL,
      summary TEXT NOT NULL
    ) STRICT;
    -- The classes that a propagation looked for and the images that it has answered, with or without finding anything.
    CREATE TABLE run_class (
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      class_id INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
      PRIMARY KEY (run_id, class_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_class_class ON run_class (class_id);
    CREATE TABLE run_image (
      image_id INTEGER NOT NULL REFERENCES image ON DELETE CASCADE,
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      PRIMARY KEY (image_id, run_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_image_run ON run_image (run_id);

    CREATE TABLE annotation (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES image,
      class_id INTEGER NOT NULL REFERENCES class,
      -- COCO's compressed run lengths: the very string that an export writes.
      counts TEXT NOT NULL,
      mask_width INTEGER NOT NULL,
      mask_height INTEGER NOT NULL,
      polygons TEXT,
      box_x INTEGER NOT NULL,
      box_y INTEGER NOT NULL,
      box_width INTEGER NOT NULL,
      box_height INTEGER NOT NULL,
      area INTEGER NOT NULL,
      source TEXT NOT NULL,
      state TEXT NOT NULL,
      score REAL,
      similarity REAL,
      run_id INTEGER REFERENCES run,
      -- No foreign key: where the labelled annotation is deleted, and perhaps brought back by undo, its id still tells it.
      source_annotation_id INTEGER,
      crowd INTEGER NOT NULL,
      attributes TEXT NOT NULL,
      -- A person drew, changed, accepted or rejected this very annotation: no run touches it any more.
      by_person INTEGER NOT NULL,
      -- The run whose drafts took this draft's place. It is kept out of sight until that run is undone.
      replaced_by INTEGER REFERENCES run
    ) STRICT;
    CREATE INDEX annotation_image ON annotation (image_id);
    CREATE INDEX annotation_class ON annotation (class_id, state);
    CREATE INDEX annotation_run ON annotation (run_id) WHERE run_id IS NOT NULL;
    CREATE INDEX annotation_replaced ON annotation (replaced_by) WHERE replaced_by IS NOT NULL;

    CREATE TABLE negative (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES image,
      class_id INTEGER NOT NULL REFERENCES class,
      UNIQUE (class_id, image_id)
    ) STRICT;
    CREATE INDEX negative_image ON negative (image_id);
  `)
}
