import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'

import { Database } from './database.ts'
import { migrate, schemaVersion } from './migrate.ts'
import { migrations } from './migrations/index.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'migrate-'))))
afterEach(() => rmSync(folder, { recursive: true }))

it('goes from any version to the newest, and says so in the file', () => {
  const schema = (database: Database) => database.tables().sort()
  const newest = new Database(':memory:')
  migrate(newest)
  expect(schemaVersion(newest)).toBe(migrations.length)
  migrations.forEach((_, version) => {
    const database = new Database(':memory:')
    migrate(database, version)
    migrate(database)
    expect(schemaVersion(database)).toBe(migrations.length)
    expect(schema(database)).toEqual(schema(newest))
    migrate(database) // nothing left to do
  })
})

it("refuses a newer version, and another program's database", () => {
  const database = new Database(join(folder, 'project.db'))
  migrate(database)
  database.pragma(`user_version = ${migrations.length + 1}`)
  expect(() => migrate(database)).toThrow(expect.objectContaining({ code: 'project-newer', file: database.file }))
  database.close()

  const foreign = new Database(join(folder, 'foreign.db'))
  foreign.execute('CREATE TABLE recipe (name TEXT); PRAGMA user_version = 2')
  expect(() => migrate(foreign)).toThrow(expect.objectContaining({ code: 'project-damaged' }))
  foreign.close()
})
