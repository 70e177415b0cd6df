import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostEvent, TrainingOptions } from '../../src-main/contract/index.ts'
import { Host } from '../../src-main/services/index.ts'
import { until } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

let host: Host
let events: HostEvent[]
beforeEach(async () => {
  host = new Host(temporaryFolder())
  events = []
  host.subscribe((event) => events.push(event))
  const { images, names } = await paintFolder(5)
  copyFileSync(join(images, names[0]), join(images, 'copy.png'))
  await host.open(images)
})
afterEach(() => host.shutDown())

const jobs = () => host.jobs.all()
const ended = (kind: string) => jobs().some((job) => job.kind === kind && job.state === 'finished')

async function ofImage(imageId: number) {
  const answer = await host.handlers.annotations.ofImage({ imageId, known: null })
  if (!answer) throw new Error('Nothing was answered.')
  return answer
}

async function embedAll(): Promise<void> {
  await host.handlers.weights.choose({ file: writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors')) })
  await until(() => ended('embed'))
}

describe('before tokens are there', () => {
  it('nothing can be clicked, and there are no objects', async () => {
    expect(await host.handlers.clicks.prepare({ imageId: 1 })).toEqual({ readiness: 'no-weights' })
    expect(await host.handlers.objects.page({ offset: 0, limit: 10 })).toEqual({ total: 0, objects: [] })
    await expect(
      host.handlers.clicks.segment({ imageId: 1, clicks: [{ x: 5, y: 5, adds: true }], reach: 1 }),
    ).rejects.toMatchObject({ code: 'weights-not-chosen' })
    await expect(host.handlers.objects.map()).rejects.toMatchObject({ code: 'not-embedded' })
  })

  it('files of one content are found all the same', async () => {
    const { groups } = await host.handlers.objects.duplicates()
    expect(groups.map(({ same, images }) => [same, images.map(({ path }) => path).sort()])).toEqual([
      [true, ['copy.png', 'picture-00.png']],
    ])
  })
})

describe('with tokens', () => {
  it('finds a mask under a click, of the size of the image', async () => {
    await embedAll()
    expect(await host.handlers.clicks.prepare({ imageId: 1 })).toEqual({ readiness: 'ready' })
    const clicks = [{ x: 40, y: 35, adds: true }]
    const { mask } = await host.handlers.clicks.segment({ imageId: 1, clicks, reach: 1 })
    expect(mask?.size).toEqual([120, 160])
    expect(mask?.counts.reduce((sum, count) => sum + count, 0)).toBe(120 * 160)
  })

  it('lists objects, and those like one begin with itself', async () => {
    await embedAll()
    const { total, objects } = await host.handlers.objects.page({ offset: 1, limit: 4 })
    expect(total).toBeGreaterThan(10)
    expect(objects).toHaveLength(4)
    const [{ id }] = objects
    const { objects: similar } = await host.handlers.objects.similar({ of: { objectId: id }, count: 7 })
    expect(similar).toHaveLength(7)
    expect(similar[0].similarity).toBeCloseTo(1, 2)
    expect(similar.map(({ similarity }) => similarity)).toEqual(
      similar.map(({ similarity }) => similarity).sort((a, b) => (b ?? 0) - (a ?? 0)),
    )
    const { ids, points } = await host.handlers.objects.map()
    expect([ids.length, points.length]).toEqual([total, 2 * total])
  })

  it('makes annotations of objects, one step of undo for each image, and finds what is like an annotation', async () => {
    await embedAll()
    const { id: classId } = await host.handlers.classes.add({ name: 'disc' })
    const { objects } = await host.handlers.objects.page({ offset: 0, limit: 500 })
    const chosen = [...Map.groupBy(objects, ({ imageId }) => imageId).values()]
      .slice(0, 2)
      .flatMap((own) => own.slice(0, 2))
    const made = await host.handlers.objects.annotate({ objectIds: chosen.map(({ id }) => id), classId })
    expect(made.images).toBe(2)
    const { imageId } = chosen[0]
    const { annotations, history } = await ofImage(imageId)
    expect(annotations.length).toBeGreaterThan(0)
    expect(annotations[0]).toMatchObject({ source: 'person', state: 'accepted', classId })
    expect(history.undo).toMatch(/objects disc$/)
    const of = { annotationId: annotations[0].id }
    expect((await host.handlers.objects.similar({ of, count: 3 })).objects).toHaveLength(3)
    await host.handlers.history.undo({ imageId })
    expect((await ofImage(imageId)).annotations).toEqual([])
    expect((await ofImage(chosen[3].imageId)).annotations).not.toEqual([])
  })
})

describe('a training', () => {
  const options: TrainingOptions = {
    ...{ preset: 'folder', steps: 240, minutes: null, batch: null, colourStrength: null, heldOutShare: 0.1 },
  }
  const patience = { timeout: 200_000 }
  const state = async () => (await host.handlers.training.newest())?.state

  it('steps aside for a propagation, goes on by itself, and is given up', async () => {
    await embedAll()
    const { id: classId } = await host.handlers.classes.add({ name: 'disc' })
    const ring = [10, 10, 60, 10, 60, 60, 10, 60]
    await host.handlers.annotations.add({ imageId: 1, classId, shape: { kind: 'polygons', rings: [ring] } })
    await host.handlers.training.start(options)
    expect(() => host.handlers.training.start(options)).toThrow(/under way/)
    await expect.poll(async () => (await host.handlers.training.newest())?.step, patience).toBeGreaterThan(3)
    await host.handlers.jobs.propagate({ classIds: null, imageIds: null, unlabelledOnly: true, mode: 'replace' })
    await until(() => ended('propagate'))
    await expect.poll(state, patience).toBe('running')
    const view = await host.handlers.training.newest()
    expect(view).toMatchObject({ runId: 1, steps: 240, preset: 'folder' })
    const { steps, losses } = await host.handlers.training.losses({ runId: 1, after: -1 })
    expect(steps.length).toBeGreaterThan(3)
    expect(losses.loss.at(0)).toEqual(expect.any(Number))
    await host.handlers.training.cancel()
    expect(await state()).toBe('cancelled')
    expect(events).toContainEqual({ type: 'training-changed' })
  }, 400_000)
})
