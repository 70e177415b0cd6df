import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { migrateTo11 } from './0011-overview.ts'
import { migrations } from './index.ts'

const row = z.record(z.string(), z.unknown())
const version = migrations.indexOf(migrateTo11) + 1

function before(): Database {
  const database = new Database(':memory:')
  migrate(database, version - 1)
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at, split)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5, 'test'), ('b.jpg', 'b.jpg', 4, 3, 6, 'i', 10, 1.5, NULL);
    INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0);
    INSERT INTO action (label, at, image_id) VALUES ('Draw', 100, 1), ('Draw', 200, 1), ('Draw elsewhere', 300, NULL)`)
  return database
}

it('version 11 leaves images as they were, none of them skipped, with the time of their last action', () => {
  const database = before()
  const images = () => database.query('SELECT * FROM image ORDER BY id', row).all()
  const [a, b] = images()
  migrate(database, version)
  const added = { split_by_person: 0, skipped: null }
  expect(images()).toEqual([
    { ...a, ...added, changed_at: 200 },
    { ...b, ...added, changed_at: null },
  ])
  database.close()
})

it('dates an image with each change of its annotations, save those of looking', () => {
  const database = before()
  migrate(database, version)
  const dated = (sql: string) => {
    database.execute('UPDATE image SET changed_at = NULL')
    database.execute(sql)
    return database.query('SELECT id FROM image WHERE changed_at > 1e12', row).all().length === 1
  }
  expect(
    dated(`INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, box_x, box_y, box_width, box_height,
      area, source, state, crowd, attributes, by_person)
      VALUES (1, 1, '0', 4, 3, 0, 0, 4, 3, 12, 'person', 'accepted', 0, '{}', 1)`),
  ).toBe(true)
  expect(dated(`UPDATE annotation SET state = 'rejected'`)).toBe(true)
  expect(dated('UPDATE annotation SET hidden = 1, locked = 1, position = 7')).toBe(false)
  expect(dated('INSERT INTO negative (image_id, class_id) VALUES (2, 1)')).toBe(true)
  expect(dated('DELETE FROM negative')).toBe(true)
  expect(dated('DELETE FROM annotation')).toBe(true)
  database.close()
})
