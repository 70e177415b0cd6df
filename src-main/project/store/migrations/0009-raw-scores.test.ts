import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { migrations } from './index.ts'
import { migrateTo9 } from './0009-raw-scores.ts'

it('version 9 knows no raw score of what was proposed before', () => {
  const database = new Database(':memory:')
  migrate(database, migrations.indexOf(migrateTo9))
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5);
    INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0);
    INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, box_x, box_y, box_width, box_height, area,
      source, state, score, crowd, attributes, by_person)
    VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, 'proposal', 'draft', 0.5, 0, '{}', 0)`)
  const rows = () => database.query('SELECT * FROM annotation', z.record(z.string(), z.unknown())).all()
  const before = rows()

  migrate(database)
  expect(rows()).toEqual(before.map((row) => ({ ...row, raw_score: null })))
  database.close()
})
