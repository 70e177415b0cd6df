import { afterEach, beforeEach, expect, it } from 'vitest'
import { imageBytes, temporaryFolder, writeFiles } from '../project/folder-for-tests.ts'
import { area, invert, rasterisePolygons } from '../masks/index.ts'
import { Project } from '../project/index.ts'
import { findScope, labelsOf, labelsOfScope } from './labels.ts'

let project: Project
let cow: number
beforeEach(async () => {
  const folder = temporaryFolder('labels')
  for (const [i, name] of ['a.png', 'b.png', 'c.png', 'd.png'].entries())
    writeFiles(folder, { [name]: await imageBytes(i) })
  project = await Project.open(folder, { create: true })
  await project.scan()
  cow = project.store.classes.add({ name: 'cow' }).id
})
afterEach(() => project.close())

/** Columns of an image of 24 x 16 pixels. */
const columns = (first: number, end: number) => rasterisePolygons([[first, 0, end, 0, end, 16, first, 16]], 24, 16)
const images = () => project.store.images.page({ limit: 9 })
const draw = (image: number, first: number, end: number, classId = cow) =>
  project.store.annotations.add({
    ...{ imageId: images()[image].id, classId, mask: columns(first, end), source: 'person' },
  })
/** What another run adds. */
function propose(image: number, first: number, end: number): number[] {
  const { runs } = project.store
  const { id } = runs.begin('propagation', {}, { classIds: [cow] })
  return runs.writeDrafts(id, images()[image].id, [{ classId: cow, mask: columns(first, end), score: 0.5 }], 'add')
}

it('goes to images without accepted annotations of the classes, or to those without any', () => {
  const sheep = project.store.classes.add({ name: 'sheep' }).id
  draw(0, 0, 4)
  draw(1, 0, 4, sheep)
  propose(2, 0, 4)
  const targets = (unlabelledOnly: boolean) =>
    findScope(project, { classes: ['cow'], unlabelledOnly }).targets.map(({ path }) => path)
  expect(targets(false)).toEqual(['b.png', 'c.png', 'd.png'])
  expect(targets(true)).toEqual(['c.png', 'd.png'])
})

it('counts proposals in a labelled image as neither object nor background, save where a person drew', () => {
  const [classes, [image]] = [project.store.classes.all(), images()]
  draw(0, 0, 4)
  expect(labelsOf(project, image, classes)).toMatchObject({ regions: [{ mask: columns(0, 4) }], ignored: null })
  propose(0, 2, 10)
  const { regions, ignored } = labelsOf(project, image, classes)
  expect(regions).toHaveLength(1)
  expect(ignored).toEqual(columns(4, 10))
  propose(0, 20, 24)
  expect(area(labelsOf(project, image, classes).ignored ?? columns(0, 24))).toBe(10 * 16)
})

it('takes a proposal for a label once a person has corrected its mask', () => {
  const [id] = propose(0, 2, 10)
  project.store.annotations.setState([id], 'accepted')
  expect(() => findScope(project, {})).toThrow(expect.objectContaining({ code: 'nothing-labelled' }) as Error)
  project.store.annotations.update(id, { mask: columns(3, 10) })
  expect(findScope(project, {}).labelled.map(({ path }) => path)).toEqual(['a.png'])
  expect(project.store.annotations.get(id)).toMatchObject({ source: 'person', state: 'accepted' })
})

it('takes what was rejected for background, save where something else is drawn or proposed', () => {
  const heard = () =>
    labelsOfScope(project, findScope(project, {})).map(({ image: { path }, ...labels }) => [path, labels])
  draw(0, 0, 4)
  propose(1, 0, 6)
  const [rejected] = propose(1, 4, 10)
  const [before] = heard()
  expect(heard()).toEqual([before])
  project.store.annotations.setState([rejected], 'rejected')
  expect(heard()).toEqual([before, ['b.png', { regions: [], ignored: invert(columns(6, 10)) }]])
  expect(findScope(project, {}).targets.map(({ path }) => path)).toContain('b.png')
  draw(1, 20, 24)
  expect(heard().at(1)).toMatchObject(['b.png', { regions: [{ mask: columns(20, 24) }] }])
})

it('hears no rejections where every pixel of the labelled images has a class', () => {
  draw(0, 0, 24)
  const [rejected] = propose(1, 4, 10)
  project.store.annotations.setState([rejected], 'rejected')
  expect(labelsOfScope(project, findScope(project, {})).map(({ image: { path } }) => path)).toEqual(['a.png'])
})
