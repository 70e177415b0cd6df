import { afterAll, expect, test } from 'vitest'
import { Engine } from '../jobs/index.ts'
import { Project, type StoredObject } from '../project/index.ts'
import { imageBytes, temporaryFolder, writeFiles } from '../project/folder-for-tests.ts'
import { findMatches } from './find-matches.ts'

const engine = new Engine()
afterAll(() => engine.close())

const whole = { size: [2, 2] as [number, number], counts: [0, 4] }

/** Unit vectors at these angles, in degrees, of each image's objects. */
async function projectWith(
  angles: number[][],
): Promise<{ project: Project; objects: StoredObject[][]; modelId: number }> {
  const folder = temporaryFolder('matches')
  const bytes = await Promise.all(angles.map((_, i) => imageBytes(i)))
  writeFiles(folder, Object.fromEntries(bytes.map((content, i) => [`${i}.png`, content])))
  const project = await Project.open(folder, { create: true })
  await project.scan()
  const { store } = project
  const { id: modelId } = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const images = [...store.images.each()]
  const objects = images.map(({ id }, i) => {
    const ofImage = angles[i].map((angle) => ({
      mask: whole,
      box: { x: 0, y: 0, width: 2, height: 2 },
      tokens: 4,
      embedding: Float16Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)),
    }))
    store.objects.replace(id, modelId, ofImage)
    return store.objects.ofImage(id, modelId)
  })
  return { project, objects, modelId }
}

test('neighbours are of other images, the nearest first; a match is consistent where the way back ends where it began', async () => {
  const { project, objects, modelId } = await projectWith([
    [0, 2, 90],
    [10, 100],
    [3, 50],
  ])
  const [first, second, third] = objects
  const matched = await findMatches(project, engine, { queries: first, modelId, count: 2 }, {})
  const idsOf = (i: number) => matched[i].neighbours.map(({ object }) => object.id)
  expect([idsOf(0), idsOf(1), idsOf(2)]).toEqual([
    [third[0].id, second[0].id],
    [third[0].id, second[0].id],
    [second[1].id, third[1].id],
  ])
  // 3 degrees is nearer to 2 than to 0.
  expect(matched.map(({ consistent }) => consistent)).toEqual([false, true, true])
  expect(matched[1].neighbours[0].similarity).toBeCloseTo(Math.cos(Math.PI / 180), 3)
  project.close()
})

test('a neighbour that is itself asked about is not its own way back', async () => {
  const { project, objects, modelId } = await projectWith([[0], [10, 60], [70]])
  const matched = await findMatches(project, engine, { queries: objects.flat(), modelId, count: 1 }, {})
  expect(matched.map(({ neighbours }) => neighbours[0].object.id)).toEqual([
    objects[1][0].id,
    objects[0][0].id,
    objects[2][0].id,
    objects[1][1].id,
  ])
  expect(matched.map(({ consistent }) => consistent)).toEqual([true, true, true, true])
  project.close()
})

test('without other images there is nothing to find', async () => {
  const { project, objects, modelId } = await projectWith([[0, 45]])
  const matched = await findMatches(project, engine, { queries: objects[0], modelId, count: 2 }, {})
  expect(matched).toMatchObject([
    { neighbours: [], consistent: false },
    { neighbours: [], consistent: false },
  ])
  expect(await findMatches(project, engine, { queries: [], modelId, count: 2 }, {})).toEqual([])
  project.close()
})
