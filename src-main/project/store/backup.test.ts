import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'

import { backUp, backupIsDue, listBackups } from './backup.ts'
import { Database } from './database.ts'
import { Store } from './index.ts'
import { migrate, schemaVersion } from './migrate.ts'
import { columns, imageFile } from './store-for-tests.ts'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "it's a backup-"))
  database = new Database(join(folder, 'project.db'))
  migrate(database)
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

it('holds all but the objects, and can be opened as a project', () => {
  const store = new Store(database)
  const imageId = store.images.add(imageFile('a.png'))
  const classId = store.classes.add({ name: 'cow' }).id
  const gone = store.annotations.add({ imageId, classId, mask: columns(0, 1), source: 'person' })
  store.annotations.remove([gone])
  store.annotations.add({ imageId, classId, mask: columns(1, 2), source: 'person' })
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  store.objects.replace(imageId, model.id, [
    { mask: columns(0, 8), box: { x: 0, y: 0, width: 8, height: 6 }, tokens: 48, embedding: new Float16Array(4) },
  ])

  const copy = new Database(backUp(database, join(folder, 'backups')))
  expect(schemaVersion(copy)).toBe(schemaVersion(database))
  const rows = (of: Database, table: string) => of.query(`SELECT * FROM ${table}`, z.unknown()).all()
  for (const table of ['image', 'class', 'annotation', 'model', 'sqlite_sequence']) {
    expect(rows(copy, table)).toEqual(rows(database, table))
  }
  expect(rows(copy, 'object')).toEqual([])
  migrate(copy)
  const restored = new Store(copy)
  expect(restored.annotations.ofImage(imageId)).toEqual(store.annotations.ofImage(imageId))
  expect(restored.objects.imagesWithout(model.id, { limit: 9 })).toEqual([imageId]) // to be embedded anew
  expect(restored.annotations.add({ imageId, classId, mask: columns(0, 1), source: 'person' })).toBe(gone + 2)
  copy.close()
})

it('keeps the newest eight, and leaves nothing unfinished', () => {
  const backups = join(folder, 'backups')
  expect(listBackups(backups)).toEqual([])
  expect(backupIsDue(backups)).toBe(true)
  const byHand = backUp(database, backups, { reason: 'by-hand', now: new Date(2025, 0, 1) })
  const made = Array.from({ length: 11 }, (_, day) => backUp(database, backups, { now: new Date(2026, 0, 1 + day) }))
  expect(listBackups(backups).map(({ file }) => file)).toEqual([...made.slice(3).reverse(), byHand])
  expect(listBackups(backups).at(-1)).toMatchObject({ reason: 'by-hand', madeAt: new Date(2025, 0, 1).getTime() })
  expect(readdirSync(backups).length).toBe(9)
  expect(backupIsDue(backups)).toBe(false)
  expect(backupIsDue(backups, Date.now() + 25 * 3600 * 1000)).toBe(true)

  writeFileSync(join(backups, 'notes.txt'), 'mine')
  backUp(database, backups)
  expect(readdirSync(backups)).toContain('notes.txt')
})
