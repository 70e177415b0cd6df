import { beforeEach, expect, onTestFinished, test } from 'vitest'
import sharp from 'sharp'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rasterisePolygons } from '../masks/index.ts'
import { Project } from '../project/index.ts'
import { findScope } from './labels.ts'
import { putIntoSplit, skipImages, splitImages, splitSettings } from './split.ts'

const shares = { train: 0.6, validation: 0.2, test: 0.2 }
let project: Project
let ids: number[]

/** Ten images; the class is in the first five. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cribsheet-split-'))
  for (let i = 0; i < 10; i++) await writeImage(folder, i)
  project = await Project.open(folder, { create: true })
  onTestFinished(() => {
    project.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await project.scan()
  ids = [...project.store.images.each()].map(({ id }) => id)
  const classId = project.store.classes.add({ name: 'beetle' }).id
  const mask = rasterisePolygons([[1, 1, 6, 1, 6, 6]], 8, 8)
  for (const imageId of ids.slice(0, 5)) project.store.annotations.add({ imageId, classId, mask, source: 'person' })
})

async function writeImage(folder: string, value: number): Promise<void> {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: { r: 20 * value, g: 9, b: 9 } } })
  await picture.png().toFile(join(folder, `image-${value}.png`))
}

const splits = () => ids.map((id) => project.store.images.get(id)?.split ?? null)
const sizes = () => project.store.statistics.images().splits

test('splits the folder, the class with it, remembers how, and is undone as one step', () => {
  expect(splitSettings(project)).toBeNull()
  expect(splitImages(project, { shares, seed: 3 })).toEqual({ train: 6, validation: 2, test: 2 })
  expect(sizes()).toEqual({ train: 6, validation: 2, test: 2, none: 0 })
  expect(project.store.statistics.classes()[0].splits).toEqual({ train: 3, validation: 1, test: 1, none: 0 })
  expect(splitSettings(project)).toEqual({ shares, seed: 3 })
  const first = splits()
  expect(splitImages(project, { shares, seed: 3 })).toEqual({ train: 6, validation: 2, test: 2 })
  expect(splits()).toEqual(first)
  expect(project.store.history.undoNewest()?.label).toBe('Split the images')
  expect(sizes()).toEqual({ train: 0, validation: 0, test: 0, none: 10 })
  project.store.history.redoNewest()
  expect(splits()).toEqual(first)
})

test('images that come later are in no split until the folder is split again, and the others can stay', async () => {
  splitImages(project, { shares, seed: 0 })
  const first = splits()
  for (let i = 10; i < 12; i++) await writeImage(project.folder, i)
  await project.scan()
  expect(sizes().none).toBe(2)
  const counts = splitImages(project, { shares, seed: 5, keep: true })
  expect(counts.train + counts.validation + counts.test).toBe(12)
  expect([sizes().none, splits()]).toEqual([0, first])
})

test('what a person put into a split stays there, and can be taken out again', () => {
  putIntoSplit(project, ids.slice(0, 2), 'test')
  splitImages(project, { shares, seed: 1 })
  expect(splits().slice(0, 2)).toEqual(['test', 'test'])
  expect(sizes()).toEqual({ train: 6, validation: 2, test: 2, none: 0 })
  putIntoSplit(project, [ids[0]], null)
  expect(sizes()).toEqual({ train: 6, validation: 2, test: 1, none: 1 })
  expect(project.store.history.undoNewest()?.label).toBe('Take an image out of the split')
  expect(splits()[0]).toBe('test')
})

test('skipped images are in no new split, and no target of a propagation, until they are used again', () => {
  skipImages(project, [ids[0], ids[9]], 'blurred')
  expect(splitImages(project, { shares, seed: 0 })).toEqual({ train: 5, validation: 2, test: 1 })
  expect(findScope(project, {}).targets.map(({ id }) => id)).toEqual(ids.slice(5, 9))
  expect(findScope(project, {}).labelled.map(({ id }) => id)).toEqual(ids.slice(1, 5))
  expect(findScope(project, { images: ['image-9.png'] }).targets).toEqual([])
  skipImages(project, [ids[9]], null)
  expect(findScope(project, { images: ['image-9.png'] }).targets).toHaveLength(1)
})

test('refuses shares that are not 1 together', () => {
  const split = () => splitImages(project, { shares: { ...shares, test: 0.3 }, seed: 0 })
  expect(split).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  expect(sizes().none).toBe(10)
})
