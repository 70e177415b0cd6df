import { expect, it } from 'vitest'
import { z } from 'zod'

import { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { migrateTo10 } from './0010-class-regions.ts'
import { migrations } from './index.ts'

it('version 10 leaves classes as they were: masked object by object', () => {
  const database = new Database(':memory:')
  migrate(database, migrations.indexOf(migrateTo10))
  database.execute(`INSERT INTO class (name, colour, supercategory, ignored) VALUES ('cow', '#000000', '', 0)`)
  const rows = () => database.query('SELECT * FROM class', z.record(z.string(), z.unknown())).all()
  const before = rows()

  migrate(database)
  expect(rows()).toEqual(before.map((row) => ({ ...row, regions: 0 })))
  database.close()
})
