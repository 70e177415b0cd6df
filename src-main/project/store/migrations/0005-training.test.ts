import { expect, it } from 'vitest'
import { z } from 'zod'

import { ConstraintViolated, Database } from '../database.ts'
import { migrate } from '../migrate.ts'

it('version 5 adds metrics and candidates of trainings, and leaves runs and history as they are', () => {
  const database = new Database(':memory:')
  migrate(database, 4)
  database.execute(`
    INSERT INTO run (kind, settings, started_at, state, summary) VALUES ('training', '{}', 5, 'failed', '{"reason":"r"}');
    INSERT INTO action (label, at) VALUES ('Draw', 1);
    INSERT INTO change (action_id, entity, row_id, after) VALUES (1, 'annotation', 7, '{}')`)
  const rows = (table: string) => database.query(`SELECT * FROM ${table}`, z.unknown()).all()
  const tables = ['run', 'action', 'change']
  const before = tables.map(rows)

  migrate(database, 5)
  expect(tables.map(rows)).toEqual(before)

  database.execute(`
    INSERT INTO metric VALUES (1, 'loss', 1, 2.5, 10), (1, 'loss', 2, NULL, 11);
    INSERT INTO candidate VALUES (1, 0, NULL, 0.5, 1), (1, 100, 'm', 0.25, 0)`)
  expect(() => database.execute('INSERT INTO candidate VALUES (1, 200, NULL, 0.5, 1)')).toThrow(ConstraintViolated)
  database.execute('DELETE FROM run')
  expect([rows('metric'), rows('candidate')]).toEqual([[], []])
  database.close()
})
