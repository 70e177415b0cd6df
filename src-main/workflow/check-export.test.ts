import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { paintFolder, type PaintedFolder } from '../../tests/painted-folder.ts'
import type { Split } from '../contract/index.ts'
import { rasterisePolygons } from '../masks/index.ts'
import type { Project } from '../project/index.ts'
import { checkExport } from './check-export.ts'
import { exportAnnotations } from './export.ts'
import { openProject } from './open-project.ts'

let folder: PaintedFolder
let project: Project
let ids: number[]
beforeEach(async () => {
  folder = await paintFolder(6)
  project = (await openProject(folder.images, { create: true })).project
  ids = [...project.store.images.each()].map(({ id }) => id)
})
afterEach(() => project.close())

const target = () => join(folder.images, 'coco.json')
const check = (options: { proposals?: boolean; allImages?: boolean; split?: Split } = {}) =>
  checkExport(project, { target: target(), format: 'coco', ...options })

function square(imageId: number) {
  const { width, height } = project.store.images.get(imageId) ?? { width: 0, height: 0 }
  return rasterisePolygons([[5, 5, 25, 5, 25, 25, 5, 25]], width, height)
}

/** Something of everything that an export may leave out. */
async function fill() {
  const { annotations, classes, images, runs } = project.store
  const [disc, leaf, blurred] = ['disc', 'leaf', 'blurred'].map((name) => classes.add({ name }).id)
  classes.add({ name: 'nowhere' })
  classes.update(blurred, { ignored: true })
  const add = (imageId: number, classId: number) =>
    annotations.add({ imageId, classId, mask: square(imageId), source: 'person' })
  add(ids[0], disc)
  add(ids[0], blurred)
  add(ids[1], blurred)
  add(ids[3], disc)
  add(ids[4], leaf)
  const run = runs.begin('propagation', {}, { classIds: [disc, leaf] })
  const draft = (imageId: number, classId: number) =>
    runs.writeDrafts(run.id, imageId, [{ classId, mask: square(imageId), score: 0.5 }])
  draft(ids[1], leaf)
  draft(ids[2], leaf)
  draft(ids[4], disc)
  images.setProblem(ids[3], { code: 'image-damaged', message: 'It ends too early.' })
  rmSync(join(folder.images, folder.names[4]))
  await project.scan()
  return { disc, leaf }
}

it('counts what is written and what is left out', async () => {
  const { disc, leaf } = await fill()
  expect(check()).toEqual({
    ...{ file: target(), replaces: false, images: 1, annotations: 1 },
    classes: [
      { id: disc, name: 'disc', accepted: 1, proposals: 0 },
      { id: leaf, name: 'leaf', accepted: 0, proposals: 2 },
      { id: expect.any(Number) as number, name: 'nowhere', accepted: 0, proposals: 0 },
    ],
    leftOut: {
      ...{ proposals: 2, imagesWithoutAnnotations: 3, unreadableImages: 1, annotationsOnUnreadableImages: 1 },
      ...{ annotationsOnMissingImages: 1, annotationsOfIgnoredClasses: 2 },
      ...{ skippedImages: 0, annotationsOnSkippedImages: 0 },
    },
  })
  expect(check({ proposals: true })).toMatchObject({
    ...{ images: 3, annotations: 3 },
    leftOut: { proposals: 0, imagesWithoutAnnotations: 1, annotationsOnMissingImages: 2 },
  })
})

it('counts what is on skipped images, and knows splits', async () => {
  await fill()
  const { images } = project.store
  images.setSkipped([ids[2]], 'blurred')
  images.setSplit([ids[0], ids[1]], 'train', { byPerson: true })
  expect(check().leftOut).toMatchObject({ skippedImages: 1, annotationsOnSkippedImages: 0, unreadableImages: 1 })
  expect(check({ proposals: true })).toMatchObject({ annotations: 2, leftOut: { annotationsOnSkippedImages: 1 } })
  expect(check({ split: 'train', allImages: true })).toMatchObject({ images: 2, annotations: 1 })
  expect(check({ split: 'test', allImages: true })).toMatchObject({ images: 0, leftOut: { skippedImages: 0 } })
  for (const options of [{}, { proposals: true }, { split: 'train' as const, allImages: true }]) {
    const { images, annotations } = check(options)
    const written = await exportAnnotations(project, { target: target(), format: 'coco', ...options })
    expect(written).toMatchObject({ images, annotations })
  }
})

it('says what the export then does, whatever is asked for', async () => {
  await fill()
  for (const proposals of [false, true])
    for (const allImages of [false, true]) {
      const { images, annotations, classes } = check({ proposals, allImages })
      const written = await exportAnnotations(project, { target: target(), format: 'coco', proposals, allImages })
      expect(written).toMatchObject({ images, annotations, classes: classes.length, checked: { ids: annotations } })
      expect(written.checked.polygons + written.checked.runLengths).toBe(annotations)
    }
  expect(check().replaces).toBe(true)
})

it('has nothing to say of an empty project', () => {
  writeFileSync(target(), '')
  expect(check()).toMatchObject({ replaces: true, images: 0, annotations: 0, classes: [] })
  expect(check({ allImages: true })).toMatchObject({ images: 6, annotations: 0 })
})
