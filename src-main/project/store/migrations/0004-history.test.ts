import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 4 adds the history, and leaves objects as they are', () => {
  const database = new Database(':memory:')
  migrate(database, 3)
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5);
    INSERT INTO model (fingerprint, name, details, created_at) VALUES ('f', 'vit', '{}', 1);
    INSERT INTO embedded VALUES (1, 1, 'h');
    INSERT INTO object (model_id, image_id, counts, grid_width, grid_height, box_x, box_y, box_width, box_height, tokens, embedding)
    VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, x'00ff')`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const tables = ['image', 'model', 'embedded', 'object']
  const before = tables.map(rows)

  migrate(database, 4)
  expect(tables.map(rows)).toEqual(before)

  database.execute(`
    INSERT INTO action (label, at) VALUES ('Draw', 1);
    INSERT INTO change (action_id, entity, row_id, after) VALUES (1, 'annotation', 7, '{}')`)
  database.execute('DELETE FROM action')
  expect(rows('change')).toEqual([])
  database.close()
})
