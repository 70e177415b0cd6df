import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 2 adds classes, runs, annotations and negatives, and leaves the images as they are', () => {
  const database = new Database(':memory:')
  migrate(database, 1)
  database.execute(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at)
    VALUES ('a.jpg', 'a.jpg', 4, 3, 6, 'h', 10, 1.5);
    INSERT INTO setting VALUES ('k', '{"a":1}')`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const before = [rows('image'), rows('setting')]

  migrate(database, 2)
  expect([rows('image'), rows('setting')]).toEqual(before)

  database.execute(`INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0)`)
  const annotate = (imageId: number, classId: number) =>
    database.execute(`
      INSERT INTO annotation (image_id, class_id, counts, mask_width, mask_height, box_x, box_y, box_width, box_height, area,
        source, state, crowd, attributes, by_person)
      VALUES (${imageId}, ${classId}, '0', 4, 3, 0, 0, 4, 3, 12, 'person', 'accepted', 0, '{}', 1)`)
  annotate(1, 1)
  expect(() => annotate(2, 1)).toThrow('FOREIGN KEY')
  expect(() => annotate(1, 2)).toThrow('FOREIGN KEY')
  expect(() => database.execute('DELETE FROM class')).toThrow('FOREIGN KEY')
  database.execute('INSERT INTO negative (image_id, class_id) VALUES (1, 1)')
  expect(rows('negative')).toEqual([{ id: 1, image_id: 1, class_id: 1 }])
  database.close()
})
