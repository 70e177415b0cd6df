import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { paintFolder, temporaryFolder, type PaintedFolder } from '../../../tests/painted-folder.ts'
import { writeSmallNetwork } from '../../../tests/small-network.ts'
import { Host } from '../host.ts'

let folder: PaintedFolder
let host: Host
beforeEach(async () => {
  folder = await paintFolder(2)
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-user-')))
  await host.open(folder.images)
})
afterEach(() => host.shutDown())

const idle = () =>
  expect
    .poll(() => host.jobs.all().every(({ state }) => state !== 'running' && state !== 'waiting'), { timeout: 60_000 })
    .toBe(true)

it('keeps what is set, and only that, across closing', async () => {
  const { settings } = host.handlers
  const { bestObjectsPerImage, dataFolder } = await settings.get()
  expect(await settings.get()).toEqual({
    ...{ objectsPerImage: null, bestObjectsPerImage, liveProposals: true, dailyBackup: true },
    ...{ embeddedImages: 0, dataFolder },
  })
  await settings.set({ objectsPerImage: 12, dailyBackup: false })
  await host.close()
  await host.open(folder.images)
  expect(await settings.get()).toMatchObject({ objectsPerImage: 12, liveProposals: true, dailyBackup: false })
  expect(await host.handlers.backups.all()).toEqual([]) // the day's is switched off
  await settings.set({ objectsPerImage: null, liveProposals: false })
  expect(await settings.get()).toMatchObject({ objectsPerImage: null, liveProposals: false, dailyBackup: false })
})

it('embeds the images anew for another number of objects, and not where it is the same', async () => {
  const { settings, weights } = host.handlers
  await weights.choose({ file: writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors')) })
  await idle()
  expect(await settings.get()).toMatchObject({ embeddedImages: 2 })
  const [before] = host.project.store.models.all()
  await settings.set({ objectsPerImage: null, dailyBackup: true })
  expect(host.jobs.all().every(({ state }) => state !== 'waiting' && state !== 'running')).toBe(true)
  await settings.set({ objectsPerImage: 5 })
  await idle()
  const { store } = host.project
  expect(store.models.all().map(({ id }) => id)).not.toContain(before.id)
  const [model] = store.models.all()
  const [image] = store.images.page({ limit: 1 })
  expect(store.objects.ofImage(image.id, model.id).length).toBeLessThanOrEqual(5)
  expect(await settings.get()).toMatchObject({ embeddedImages: 2 })
})
