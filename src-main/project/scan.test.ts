import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import sharp from 'sharp'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'

import type { Progress } from '../contract/index.ts'
import { imageBytes, temporaryFolder, withoutRoot, writeFiles } from './folder-for-tests.ts'
import { Project, type ScanSummary } from './index.ts'

let folder: string
let project: Project
beforeEach(async () => {
  folder = temporaryFolder('scan')
  project = await Project.open(folder, { create: true })
  onTestFinished(() => project.close())
})

const at = (path: string) => join(folder, path)
const images = () => [...project.store.images.each()]
const idOf = (path: string) => project.store.images.byPath(path)?.id
const nothing: ScanSummary = { images: 0, added: 0, changed: 0, moved: 0, missing: 0, restored: 0, problems: [] }

/** Marks an image, so that it can be told again: the whole of it is a cow. */
function annotate(path: string): number {
  const image = project.store.images.byPath(path)
  if (!image) throw new Error(`no image at ${path}`)
  const { store } = project
  const classId = (store.classes.byName('cow') ?? store.classes.add({ name: 'cow' })).id
  const mask = { size: [image.height, image.width] as [number, number], counts: [0, image.width * image.height] }
  return store.annotations.add({ imageId: image.id, classId, mask, source: 'person' })
}

describe('a first scan', () => {
  it('finds images of every format in subfolders, upright, with their hash', async () => {
    const picture = sharp({ create: { width: 6, height: 4, channels: 3, background: '#336699' } })
    const turned = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()
    writeFiles(folder, {
      'a.JPG': turned,
      'sub/b.png': await picture.png().toBuffer(),
      'sub/deeper/c.webp': await picture.webp().toBuffer(),
      'sub/deeper/d [1].tif': await picture.tiff().toBuffer(),
      'ünïcode e.gif': await picture.gif().toBuffer(),
      'notes.txt': 'no image',
      '.hidden.png': await imageBytes(1),
      '.git/f.png': await imageBytes(1),
    })
    expect(await project.scan()).toEqual({ ...nothing, images: 5, added: 5 })
    expect(images().map(({ path }) => path)).toEqual([
      'a.JPG',
      'sub/b.png',
      'sub/deeper/c.webp',
      'sub/deeper/d [1].tif',
      'ünïcode e.gif',
    ])
    expect(project.store.images.byPath('a.JPG')).toMatchObject({
      width: 4,
      height: 6,
      orientation: 6,
      bytes: turned.length,
    })
    expect(images()[1]).toMatchObject({ width: 6, height: 4, orientation: 1, problem: null, missing: false })
    expect(images().every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
    expect(project.fileOf(images()[2])).toBe(at('sub/deeper/c.webp'))
  })

  it('lists what it cannot use with the reason, and goes on', async () => {
    const whole = await imageBytes(1, { width: 80, height: 80 }, 'jpeg')
    writeFiles(folder, {
      'cut.jpg': whole.subarray(0, whole.length / 2),
      'good.jpg': whole,
      'text.jpg': 'this is no photograph',
      'one.png': await imageBytes(1, { width: 1, height: 1 }),
    })
    const summary = await project.scan()
    expect(summary).toMatchObject({ images: 4, added: 4 })
    expect(summary.problems).toEqual([
      { path: 'cut.jpg', code: 'image-damaged', message: expect.stringContaining('premature end') as string },
      { path: 'text.jpg', code: 'image-format', message: expect.stringContaining('known formats') as string },
    ])
    expect(project.store.images.count({ usable: true })).toBe(2)
    expect((await project.scan()).problems).toEqual(summary.problems)
  })

  it('of two equal files makes two images', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(1) })
    expect(await project.scan()).toMatchObject({ images: 2, added: 2 })
    writeFiles(folder, { 'c.png': await imageBytes(1) })
    expect(await project.scan()).toMatchObject({ images: 3, added: 1, moved: 0 })
  })

  it('of a folder without images says so', async () => {
    writeFiles(folder, { 'notes.txt': 'no image' })
    await expect(project.scan()).rejects.toMatchObject({ code: 'folder-empty', file: folder })
  })

  it('does not look into the data of the project, wherever that is', async () => {
    project.close()
    project = await Project.open(folder, { create: true, dataFolder: at('data') })
    writeFiles(folder, { 'data/thumbnails/1.png': await imageBytes(1), 'a.png': await imageBytes(1) })
    expect(await project.scan()).toMatchObject({ images: 1, added: 1 })
  })

  it('follows links, without running in circles', async () => {
    const elsewhere = temporaryFolder('elsewhere')
    writeFiles(elsewhere, { 'far.png': await imageBytes(1) })
    writeFiles(folder, { 'z/near.png': await imageBytes(2) })
    symlinkSync(folder, at('z/circle'))
    symlinkSync(at('z'), at('a-copy'))
    symlinkSync(elsewhere, at('linked'))
    symlinkSync(at('z/near.png'), at('near-link.png'))
    symlinkSync(at('nowhere.png'), at('broken.png'))
    expect(await project.scan()).toMatchObject({ added: 3, problems: [] })
    expect(images().map(({ path }) => path)).toEqual(['linked/far.png', 'near-link.png', 'z/near.png'])
  })
})

describe('a second scan', () => {
  it('reads nothing where nothing changed', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'text.jpg': 'no image' })
    await project.scan()
    const before = images()
    const progress: Progress[] = []
    const { problems, ...counts } = await project.scan({ onProgress: (step) => progress.push(step) })
    expect(counts).toEqual({ images: 2, added: 0, changed: 0, moved: 0, missing: 0, restored: 0 })
    expect(problems.length).toBe(1)
    expect(progress).toEqual([])
    expect(images()).toEqual(before)
  })

  it('reads only what changed', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2), 'c.png': await imageBytes(3) })
    await project.scan()
    writeFiles(folder, { 'b.png': await imageBytes(22, { width: 24, height: 17 }), 'd.png': await imageBytes(4) })
    const progress: Progress[] = []
    expect(await project.scan({ onProgress: (step) => progress.push(step) })).toEqual({
      ...nothing,
      images: 4,
      added: 1,
      changed: 1,
    })
    expect(progress.map(({ done, total }) => [done, total])).toEqual([
      [1, 2],
      [2, 2],
    ])
  })

  it('of a file that was only touched changes nothing but its time', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1) })
    await project.scan()
    const [before] = images()
    utimesSync(at('a.png'), 1000, 1000)
    expect(await project.scan()).toEqual({ ...nothing, images: 1 })
    expect(images()).toEqual([{ ...before, modifiedAt: 1_000_000 }])
  })

  it('a file that moved keeps its image and annotations', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2) })
    await project.scan()
    const [annotation, id] = [annotate('a.png'), idOf('a.png')]
    mkdirSync(at('new'))
    renameSync(at('a.png'), at('new/other name.png'))
    expect(await project.scan()).toEqual({ ...nothing, images: 2, moved: 1 })
    expect(idOf('new/other name.png')).toBe(id)
    expect(project.store.annotations.get(annotation)?.imageId).toBe(id)
  })

  it('files that swapped names keep their images', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2, { width: 30, height: 10 }) })
    await project.scan()
    const [a, b] = [idOf('a.png'), idOf('b.png')]
    renameSync(at('a.png'), at('c'))
    renameSync(at('b.png'), at('a.png'))
    renameSync(at('c'), at('b.png'))
    expect(await project.scan()).toEqual({ ...nothing, images: 2, moved: 2 })
    expect([idOf('a.png'), idOf('b.png')]).toEqual([b, a])
  })

  it('a renamed folder is as many moves', async () => {
    for (let i = 0; i < 30; i++) writeFiles(folder, { [`old/${i}.png`]: await imageBytes(i) })
    await project.scan()
    const before = images().map(({ id, path }) => [id, path.replace('old', 'new')])
    renameSync(at('old'), at('new'))
    expect(await project.scan()).toEqual({ ...nothing, images: 30, moved: 30 })
    expect(images().map(({ id, path }) => [id, path])).toEqual(before)
  })

  it('a file that is gone is missing, keeps its annotations, and may come back elsewhere', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2) })
    await project.scan()
    const [annotation, id] = [annotate('a.png'), idOf('a.png')]
    rmSync(at('a.png'))
    expect(await project.scan()).toEqual({ ...nothing, images: 1, missing: 1 })
    expect(await project.scan()).toEqual({ ...nothing, images: 1 })
    expect(project.store.images.get(id ?? 0)).toMatchObject({ missing: true, path: 'a.png' })
    expect(project.store.annotations.get(annotation)).toBeDefined()

    writeFiles(folder, { 'a.png': await imageBytes(5) }) // another picture under the old name is another image
    expect(await project.scan()).toEqual({ ...nothing, images: 2, added: 1 })
    writeFiles(folder, { 'back/a.png': await imageBytes(1) })
    expect(await project.scan()).toEqual({ ...nothing, images: 3, restored: 1 })
    expect(idOf('back/a.png')).toBe(id)
  })

  it('all files gone, as from a disk that is not there, are missing and come back', async () => {
    writeFiles(folder, { 'in/a.png': await imageBytes(1), 'in/b.png': await imageBytes(2) })
    await project.scan()
    const before = images()
    renameSync(at('in'), at('.away'))
    expect(await project.scan()).toEqual({ ...nothing, missing: 2 })
    renameSync(at('.away'), at('in'))
    expect(await project.scan()).toEqual({ ...nothing, images: 2, restored: 2 })
    expect(images()).toEqual(before)
  })

  it('a changed file keeps its image; masks that no longer fit are listed until they do', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1) })
    await project.scan()
    const [annotation, id] = [annotate('a.png'), idOf('a.png')]
    writeFiles(folder, { 'a.png': await imageBytes(2, { width: 48, height: 32 }) })
    expect(await project.scan()).toEqual({
      ...nothing,
      images: 1,
      changed: 1,
      problems: [
        {
          path: 'a.png',
          code: 'mask-size',
          message: 'The image has changed its size: 1 annotations no longer fit it.',
        },
      ],
    })
    expect(idOf('a.png')).toBe(id)
    expect(project.store.annotations.get(annotation)).toBeDefined()
    writeFiles(folder, { 'a.png': await imageBytes(1) })
    expect(await project.scan()).toEqual({ ...nothing, images: 1, changed: 1 })
  })

  it('a damaged image that was mended can be used', async () => {
    const whole = await imageBytes(1, { width: 80, height: 80 }, 'jpeg')
    writeFiles(folder, { 'a.jpg': whole.subarray(0, 700) })
    await project.scan()
    expect(project.store.images.count({ usable: true })).toBe(0)
    writeFiles(folder, { 'a.jpg': whole })
    expect(await project.scan()).toEqual({ ...nothing, images: 1, changed: 1 })
    expect(project.store.images.count({ usable: true })).toBe(1)
  })
})

describe.skipIf(process.platform === 'win32')('without permission', () => {
  it('a file is listed, and is the same image once it can be read again', async () => {
    writeFiles(folder, { 'a.png': await imageBytes(1), 'b.png': await imageBytes(2) })
    await project.scan()
    const before = images()
    chmodSync(at('a.png'), 0o000)
    utimesSync(at('a.png'), 1000, 1000) // or nobody would look
    const summary = await withoutRoot(() => project.scan())
    expect(summary).toEqual({
      ...nothing,
      images: 2,
      problems: [{ path: 'a.png', code: 'image-unreadable', message: expect.stringContaining('EACCES') as string }],
    })
    chmodSync(at('a.png'), 0o644)
    expect(await project.scan()).toEqual({ ...nothing, images: 2 })
    expect(images()).toEqual([{ ...before[0], modifiedAt: 1_000_000 }, before[1]])
  })

  it('a subfolder is listed, and its images are not taken for missing', async () => {
    writeFiles(folder, { 'in/a.png': await imageBytes(1), 'b.png': await imageBytes(2) })
    await project.scan()
    for (const mode of [0o000, 0o444]) {
      chmodSync(at('in'), mode)
      const summary = await withoutRoot(() => project.scan())
      expect(summary).toMatchObject({ images: 2, missing: 0, problems: [{ code: 'folder-unreadable' }] })
    }
    chmodSync(at('in'), 0o755)
    expect(await project.scan()).toEqual({ ...nothing, images: 2 })
  })
})

it('reports progress, can be cancelled, and goes on where it stopped', async () => {
  for (let i = 0; i < 60; i++) writeFiles(folder, { [`${i}.png`]: await imageBytes(i) })
  const abort = new AbortController()
  const progress: Progress[] = []
  const cancelled = project.scan({
    signal: abort.signal,
    onProgress: (step) => {
      progress.push(step)
      if (step.done === 20) abort.abort()
    },
  })
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  expect(progress[0]).toMatchObject({ phase: 'Reading images', done: 1, total: 60 })
  const kept = project.store.images.count()
  expect(kept).toBeGreaterThanOrEqual(20)
  expect(kept).toBeLessThan(30)
  expect(await project.scan()).toEqual({ ...nothing, images: 60, added: 60 - kept })
  writeFileSync(at('61.png'), await imageBytes(61))
  await expect(project.scan({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
})
