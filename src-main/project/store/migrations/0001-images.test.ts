import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate, schemaVersion } from '../migrate.ts'

it('version 1 keeps images and settings', () => {
  const database = new Database(':memory:')
  expect(schemaVersion(database)).toBe(0)
  migrate(database, 1)
  expect(schemaVersion(database)).toBe(1)

  const add = database.command(`
    INSERT INTO image (path, name, width, height, orientation, hash, bytes, modified_at, missing)
    VALUES (:path, 'a.jpg', 4, 3, 6, 'h', 10, 1.5, :missing)`)
  add.run({ path: 'x/a.jpg', missing: 0 })
  expect(() => add.run({ path: 'x/a.jpg', missing: 0 })).toThrow('UNIQUE')
  add.run({ path: 'x/a.jpg', missing: 1 }) // one that went before the other came
  expect(() => database.execute(`UPDATE image SET width = 'wide'`)).toThrow('INTEGER')

  database.execute('DELETE FROM image WHERE id = 2')
  expect(add.run({ path: 'b.jpg', missing: 0 }).id).toBe(3) // ids are not used again
  expect(database.query('SELECT id, path, split, problem_code, missing FROM image', z.unknown()).all()).toEqual([
    { id: 1, path: 'x/a.jpg', split: null, problem_code: null, missing: 0 },
    { id: 3, path: 'b.jpg', split: null, problem_code: null, missing: 0 },
  ])
  database.close()
})
