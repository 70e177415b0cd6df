import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { migrateTo8 } from './0008-annotation-editing.ts'
import { migrations } from './index.ts'

it('version 8 shows annotations as they were: whole, in the order they were made, free to change', () => {
  const database = new Database(':memory:')
  migrate(database, migrations.indexOf(migrateTo8))
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5);
    INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0);
    INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, box_x, box_y, box_width, box_height, area,
      source, state, crowd, attributes, by_person)
    VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, 'person', 'accepted', 0, '{"a":1}', 1)`)
  const rows = () => database.query('SELECT * FROM annotation', z.record(z.string(), z.unknown())).all()
  const before = rows()

  migrate(database, migrations.indexOf(migrateTo8) + 1)
  expect(rows()).toEqual(before.map((row) => ({ ...row, holes: '[]', position: 0, hidden: 0, locked: 0 })))
  database.close()
})
