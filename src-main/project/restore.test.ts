import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { imageBytes, temporaryFolder, writeFiles } from './folder-for-tests.ts'
import { listBackupsOf, locateBackup, Project, restoreBackup } from './index.ts'
import { Database } from './store/database.ts'
import { Store } from './store/index.ts'
import { columns } from './store/store-for-tests.ts'

const child = join(import.meta.dirname, 'restore-child-for-tests.ts')

interface Prepared {
  folder: string
  dataFolder: string
  /** Of a time when there was the class `before` only. */
  backup: string
}

/** A project with an annotated image and its objects, a backup of it, and more work since. */
async function worked(): Promise<Prepared> {
  const folder = temporaryFolder('restore')
  writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2) })
  const project = await Project.open(folder, { create: true })
  await project.scan()
  const { store, dataFolder } = project
  store.classes.add({ name: 'before' })
  const { file } = project.backUp()
  const [image] = store.images.page({ limit: 1 })
  const { id: classId } = store.classes.add({ name: 'since' })
  const mask = { size: [image.height, image.width] as [number, number], counts: [0, image.width * image.height] }
  store.annotations.add({ imageId: image.id, classId, mask, source: 'person' })
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const box = { x: 0, y: 0, width: 8, height: 6 }
  store.objects.replace(image.id, model.id, [
    { mask: columns(0, 8), box, tokens: 48, embedding: new Float16Array([1, 2, 3, 4]) },
  ])
  project.close()
  return { folder, dataFolder, backup: file }
}

const namesOf = (store: Store) => store.classes.all().map(({ name }) => name)

async function within<Result>(folder: string, work: (project: Project) => Result): Promise<Result> {
  const project = await Project.open(folder)
  try {
    return work(project)
  } finally {
    project.close()
  }
}

/** The classes that a backup has. */
function namesIn(file: string): string[] {
  const database = new Database(file, { readOnly: true })
  try {
    return new Store(database).classes.all().map(({ name }) => name)
  } finally {
    database.close()
  }
}

describe('restoring', () => {
  it('brings back what was, after a backup of what is, and can itself be taken back', async () => {
    const { folder, dataFolder, backup } = await worked()
    const { restored, before, damaged } = restoreBackup(dataFolder, backup)
    expect([restored, damaged]).toEqual([backup, null])
    expect(before).toMatchObject({ reason: 'before-restore', contents: { classes: 2, accepted: 1 } })
    expect(await within(folder, ({ store }) => namesOf(store))).toEqual(['before'])
    expect(listBackupsOf(dataFolder).map(({ reason }) => reason)).toEqual(['before-restore', 'by-hand'])

    restoreBackup(dataFolder, before?.file ?? '')
    expect(await within(folder, ({ store }) => [namesOf(store), [...store.annotations.each()].length])).toEqual([
      ['before', 'since'],
      1,
    ])
    expect(readdirSync(dataFolder).filter((name) => name.includes('unfinished'))).toEqual([])
  })

  it('keeps the objects that are known, save those of images that changed', async () => {
    const { folder, dataFolder, backup } = await worked()
    restoreBackup(dataFolder, backup)
    await within(folder, ({ store }) => {
      const [model] = store.models.all()
      const [first, second] = store.images.page({ limit: 2 })
      expect(store.objects.ofImage(first.id, model.id)).toMatchObject([{ tokens: 48 }])
      expect(store.objects.imagesWithout(model.id, { limit: 9 })).toEqual([second.id])
    })
    const other = new Database(backup)
    other.execute(`UPDATE image SET hash = 'of another content'`)
    other.close()
    restoreBackup(dataFolder, backup)
    await within(folder, ({ store }) => expect(store.objects.count(store.models.all()[0].id)).toBe(0))
  })

  it('keeps a damaged database as it is, and needs none', async () => {
    const { folder, dataFolder, backup } = await worked()
    const file = join(dataFolder, 'project.db')
    truncateSync(file, 30_000)
    const bytes = readFileSync(file)
    const { before, damaged } = restoreBackup(dataFolder, backup)
    expect(before).toBeNull()
    expect(readFileSync(join(damaged ?? '', 'project.db')).equals(bytes)).toBe(true)
    expect(await within(folder, ({ store }) => namesOf(store))).toEqual(['before'])

    rmSync(file)
    expect(restoreBackup(dataFolder, backup)).toMatchObject({ before: null, damaged: null })
    expect(await within(folder, ({ store }) => namesOf(store))).toEqual(['before'])
  })

  it.each<[string, string, (file: string) => void]>([
    ['missing', 'backup-missing', (file) => rmSync(file)],
    ['damaged', 'project-damaged', (file) => truncateSync(file, 20_000)],
    ['something else', 'project-damaged', (file) => writeFileSync(file, '{"images": []}')],
    ['empty', 'project-damaged', (file) => truncateSync(file, 0)],
  ])('refuses a backup that is %s, and changes nothing', async (_, code, spoil) => {
    const { folder, dataFolder, backup } = await worked()
    spoil(backup)
    const before = readFileSync(join(dataFolder, 'project.db'))
    expect(() => restoreBackup(dataFolder, backup)).toThrow(expect.objectContaining({ code, file: backup }) as Error)
    expect(readFileSync(join(dataFolder, 'project.db')).equals(before)).toBe(true)
    expect(await within(folder, ({ store }) => namesOf(store))).toEqual(['before', 'since'])
  })

  it('refuses while the project is open elsewhere', async () => {
    const { folder, dataFolder, backup } = await worked()
    await within(folder, () =>
      expect(() => restoreBackup(dataFolder, backup)).toThrow(
        expect.objectContaining({ code: 'project-locked' }) as Error,
      ),
    )
  })

  it('keeps the backup that is restored, though it is the oldest', async () => {
    const { dataFolder, backup } = await worked()
    let oldest = backup
    for (let i = 0; i < 10; i++) {
      oldest = restoreBackup(dataFolder, oldest).before?.file ?? ''
      expect(existsSync(oldest)).toBe(true)
    }
    const kept = listBackupsOf(dataFolder).filter(({ reason }) => reason === 'before-restore')
    expect(kept.length).toBe(8)
    const last = kept.at(-1)?.file ?? ''
    restoreBackup(dataFolder, last)
    expect(existsSync(last)).toBe(true)
  })

  it.each([0, 1, 2, 3])('that is killed after %i of its steps loses nothing', async (steps) => {
    const { folder, dataFolder, backup } = await worked()
    const { signal } = spawnSync(process.execPath, ['--no-warnings', child, dataFolder, backup, String(steps)])
    expect(signal).toBe('SIGKILL')

    const names = await within(folder, ({ store }) => namesOf(store)) // opening checks its integrity
    expect(names).toEqual(steps < 3 ? ['before', 'since'] : ['before'])
    const states = [names, ...listBackupsOf(dataFolder).map(({ file }) => namesIn(file))]
    expect(states).toContainEqual(['before'])
    expect(states).toContainEqual(['before', 'since'])
    expect(readdirSync(dataFolder).filter((name) => name.includes('unfinished'))).toEqual([])

    restoreBackup(dataFolder, backup) // what was left behind stands in no way
    expect(await within(folder, ({ store }) => namesOf(store))).toEqual(['before'])
  })
})

describe('finding a backup', () => {
  it('takes its id, the beginning of it where that tells it, or a file', async () => {
    const { dataFolder, backup } = await worked()
    const [{ id, madeAt, bytes }] = listBackupsOf(dataFolder)
    expect(Math.abs(madeAt - statSync(backup).mtimeMs)).toBeLessThan(60_000)
    expect(bytes).toBe(statSync(backup).size)
    for (const which of [id, id.slice(0, 4), backup]) expect(locateBackup(dataFolder, which)).toBe(backup)
    for (const which of ['', '1999', join(dataFolder, 'nowhere.db')])
      expect(() => locateBackup(dataFolder, which)).toThrow(
        expect.objectContaining({ code: 'backup-missing' }) as Error,
      )
  })
})
