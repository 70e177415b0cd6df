import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { paintFolder, writeMask, type PaintedFolder } from '../../../tests/painted-folder.ts'
import type { ImportSource } from '../../contract/index.ts'
import { Host } from '../host.ts'
import { importHandlers } from './imports.ts'

let folder: PaintedFolder
let host: Host
beforeEach(async () => {
  folder = await paintFolder(3)
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-user-')))
  await host.open(folder.images)
})
afterEach(() => host.shutDown())

const asked = (changes: Partial<ImportSource> = {}): ImportSource => ({
  ...{ source: folder.masks, apart: false, unlabelledOnly: false },
  ...changes,
})
const check = (changes?: Partial<ImportSource>) => importHandlers(host).check(asked(changes))
async function start(changes?: Partial<ImportSource>, regions: string[] = []) {
  const { jobId } = await importHandlers(host).start({ ...asked(changes), regions })
  await expect.poll(() => host.jobs.all().find(({ id }) => id === jobId)?.state, { timeout: 20_000 }).toBe('finished')
}

it('says what an import would do and changes nothing', async () => {
  expect(await check()).toEqual({
    ...{ format: 'masks', images: 3, labelledImages: 0, annotations: 6, alreadyThere: 0, warnings: [] },
    classes: [
      { name: 'disc', annotations: 3, isNew: true },
      { name: 'square', annotations: 3, isNew: true },
    ],
  })
  expect(host.project.store.classes.all()).toEqual([])
  expect(host.project.store.runs.all()).toEqual([])
})

it('imports as a run that can be undone, and finds nothing new afterwards', async () => {
  await start({}, ['square'])
  const { classes, annotations, runs } = host.project.store
  expect(classes.all().map(({ name, key, regions }) => ({ name, key, regions }))).toEqual([
    { name: 'disc', key: '1', regions: false },
    { name: 'square', key: '2', regions: true },
  ])
  expect([...annotations.each()].map(({ state, source }) => `${state} ${source}`)).toEqual(
    new Array(6).fill('accepted import'),
  )
  expect(await check()).toMatchObject({ labelledImages: 3, annotations: 6, alreadyThere: 6 })
  expect(runs.all()).toMatchObject([{ kind: 'import', state: 'finished' }])
})

it('leaves out what belongs to labelled images where only the others are asked for', async () => {
  const [, second, third] = folder.names
  const { store } = host.project
  const classId = store.classes.add({ name: 'disc' }).id
  const [image] = [...store.images.each()].filter(({ path }) => path !== second && path !== third)
  store.annotations.add({
    ...{ imageId: image.id, classId, source: 'person' },
    mask: { size: [image.height, image.width], counts: [0, 1, image.width * image.height - 1] },
  })
  expect(await check()).toMatchObject({ images: 3, labelledImages: 1 })
  expect(await check({ unlabelledOnly: true })).toMatchObject({ images: 2, labelledImages: 0, annotations: 4 })
})

it('takes connected parts apart where it is asked to', async () => {
  const { images, names, masks } = folder
  const [width, height] = [160, 120]
  const inTwo = Uint8Array.from({ length: width * height }, (_, i) => (i % width < 10 || i % width > 150 ? 1 : 0))
  for (const name of names) writeMask(join(masks, name), inTwo)
  expect(await check()).toMatchObject({ annotations: 3 })
  expect(await check({ apart: true })).toMatchObject({ annotations: 6 })
  writeFileSync(join(images, 'notes.json'), '{}')
  await expect(check({ source: 'notes.json' })).rejects.toMatchObject({ code: 'format-invalid' })
  await expect(check({ source: 'nowhere.json' })).rejects.toMatchObject({ code: 'file-missing' })
})
