import type { Database } from '../database.ts'

/** Models, and the objects they found with their embeddings. */
export function migrateTo3(database: Database): void {
  database.execute(`
    CREATE TABLE model (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      fingerprint TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      details TEXT NOT NULL,
      created_at REAL NOT NULL
    ) STRICT;

    -- The images whose tokens and objects a model has computed, and from which content.
    CREATE TABLE embedded (
      model_id INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
      image_id INTEGER NOT NULL REFERENCES image ON DELETE CASCADE,
      hash TEXT NOT NULL,
      PRIMARY KEY (model_id, image_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX embedded_image ON embedded (image_id);

    CREATE TABLE object (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      model_id INTEGER NOT NULL REFERENCES model ON DELETE CASCADE,
      image_id INTEGER NOT NULL REFERENCES image ON DELETE CASCADE,
      counts TEXT NOT NULL, -- on the patch grid
      grid_width INTEGER NOT NULL,
      grid_height INTEGER NOT NULL,
      box_x REAL NOT NULL,
      box_y REAL NOT NULL,
      box_width REAL NOT NULL,
      box_height REAL NOT NULL,
      tokens INTEGER NOT NULL,
      embedding BLOB NOT NULL -- float16, little-endian
    ) STRICT;
    CREATE INDEX object_model ON object (model_id);
    CREATE INDEX object_image ON object (image_id, model_id);
  `)
}
