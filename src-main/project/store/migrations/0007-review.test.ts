import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 7 knows actions on many images at once, and that there were none', () => {
  const database = new Database(':memory:')
  migrate(database, 6)
  database.execute(`
    INSERT INTO action (label, at, image_id) VALUES ('Draw', 1, 4);
    INSERT INTO change (action_id, entity, row_id, after) VALUES (1, 'annotation', 7, '{}')`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const changes = rows('change')

  migrate(database, 7)
  expect(rows('action')).toEqual([{ id: 1, label: 'Draw', at: 1, undone: 0, image_id: 4, across: 0 }])
  expect(rows('change')).toEqual(changes)
  database.close()
})
