import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Split } from '../contract/index.ts'
import { imageBytes, temporaryFolder, writeFiles } from '../project/folder-for-tests.ts'
import { Project } from '../project/index.ts'
import { noChanges, prepareTraining, type TrainingChoice } from './training-request.ts'

const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png']
const choice: TrainingChoice = {
  weights: { random: { architecture: 'tiny', seed: 0 } },
  preset: 'folder',
  changes: noChanges,
  seed: 0,
  heldOutShare: 0.2,
}

let project: Project
beforeEach(async () => {
  const folder = temporaryFolder('training')
  for (const [i, name] of names.entries()) writeFiles(folder, { [name]: await imageBytes(i) })
  project = await Project.open(folder, { create: true })
  await project.scan()
})
afterEach(() => project.close())

const images = () => project.store.images.page({ limit: 9 })
const put = (split: Split, ...places: number[]) =>
  project.store.images.setSplit(
    places.map((place) => images()[place].id),
    split,
    { byPerson: true },
  )
const prepared = () => {
  const { request, notes } = prepareTraining(project, choice)
  const pathsOf = (part: { imageId: number }[]) =>
    part.map(({ imageId }) => images().find(({ id }) => id === imageId)?.path ?? '').sort()
  return { trained: pathsOf(request.images), heldOut: pathsOf(request.heldOut), notes }
}

it('holds a share out where the folder is not split, and leaves the test split out', () => {
  expect(prepared()).toMatchObject({ trained: { length: 5 }, heldOut: { length: 1 }, notes: [] })
  put('test', 0, 3)
  const { trained, heldOut, notes } = prepared()
  expect([...trained, ...heldOut].sort()).toEqual(['b.png', 'c.png', 'e.png', 'f.png'])
  expect(notes).toEqual(['The test split (2 images) is neither trained on nor measured on.'])
})

it('holds out what is in the validation split', () => {
  put('validation', 1, 2)
  put('train', 0, 3)
  expect(prepared()).toEqual({
    trained: ['a.png', 'd.png', 'e.png', 'f.png'],
    heldOut: ['b.png', 'c.png'],
    notes: ['The validation split is what is held out.'],
  })
})

it('says what to do where nothing is left to train on', () => {
  put('validation', 0, 1, 2)
  put('test', 3, 4, 5)
  expect(prepared).toThrow(expect.objectContaining({ code: 'folder-empty' }))
})
