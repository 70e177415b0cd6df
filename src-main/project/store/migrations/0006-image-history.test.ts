import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 6 gives actions an image, and those that were there none', () => {
  const database = new Database(':memory:')
  migrate(database, 5)
  database.execute(`
    INSERT INTO action (label, at) VALUES ('Draw', 1);
    INSERT INTO change (action_id, entity, row_id, after) VALUES (1, 'annotation', 7, '{}')`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const changes = rows('change')

  migrate(database, 6)
  expect(rows('action')).toEqual([{ id: 1, label: 'Draw', at: 1, undone: 0, image_id: null }])
  expect(rows('change')).toEqual(changes)
  database.close()
})
