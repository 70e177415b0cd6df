import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 3 adds models and objects, and leaves annotations as they are', () => {
  const database = new Database(':memory:')
  migrate(database, 2)
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5);
    INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0);
    INSERT INTO run (kind, settings, started_at, state, summary) VALUES ('propagation', '{}', 5, 'finished', '{}');
    INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, box_x, box_y, box_width, box_height, area,
      source, state, score, run_id, crowd, attributes, by_person)
    VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, 'proposal', 'draft', 0.25, 1, 0, '{}', 0)`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const tables = ['image', 'class', 'run', 'annotation']
  const before = tables.map(rows)

  migrate(database, 3)
  expect(tables.map(rows)).toEqual(before)

  database.execute(`
    INSERT INTO model (fingerprint, name, details, created_at) VALUES ('f', 'vit', '{}', 1);
    INSERT INTO object (model_id, image_id, counts, grid_width, grid_height, box_x, box_y, box_width, box_height, tokens, embedding)
    VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, x'00ff')`)
  database.execute('DELETE FROM model')
  expect(rows('object')).toEqual([])
  database.close()
})
