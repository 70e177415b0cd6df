import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { paintFolder } from '../../tests/painted-folder.ts'
import { writeSmallNetwork } from '../../tests/small-network.ts'
import { type HostEvent, type JobView, type Shape } from '../contract/index.ts'
import { Host } from './host.ts'

let host: Host
let jobs: JobView[]
let events: HostEvent[]
let imageIds: number[]
let disc: number

beforeEach(async () => {
  const home = mkdtempSync(join(tmpdir(), 'cribsheet-live-'))
  host = new Host(home)
  const { images } = await paintFolder(5)
  await host.open(images)
  events = []
  host.subscribe((event) => {
    events.push(event)
    if (event.type === 'jobs') jobs = event.jobs
  })
  jobs = []
  imageIds = host.project.store.images.page({ limit: 9 }).map(({ id }) => id)
  disc = (await host.handlers.classes.add({ name: 'disc' })).id
  await host.handlers.weights.choose({ file: writeSmallNetwork(join(home, 'small.safetensors')) })
})
afterEach(() => host.shutDown())

/** Around the disc of the first painted picture, or beside it. */
const circle = (x: number): Shape => {
  const corners = Array.from({ length: 12 }, (_, i) => (i * Math.PI) / 6)
  const ring = corners.flatMap((angle) => [x + 22 * Math.cos(angle), 35 + 22 * Math.sin(angle)])
  return { kind: 'polygons', rings: [ring] }
}
const wholeFolder = { classIds: null, imageIds: null, unlabelledOnly: false, mode: 'replace' as const }
const ended = (kind: JobView['kind']) =>
  vi.waitFor(
    () => {
      const last = jobs.findLast((job) => job.kind === kind)
      if (last?.state !== 'finished') throw new Error(`${kind} is ${last?.state ?? 'not there'}`)
      return last
    },
    { timeout: 120_000, interval: 20 },
  )
const draftsBySource = () =>
  [...host.project.store.annotations.each({ states: ['draft'] })].map(({ sourceAnnotationId }) => sourceAnnotationId)
/** By where they are. */
const draftScores = () =>
  new Map(
    [...host.project.store.annotations.each({ states: ['draft'] })].map(({ imageId, box, score }) => [
      JSON.stringify({ imageId, box }),
      score ?? 0,
    ]),
  )

it('answers the images on the screen first, says so as they come, and follows the labels until told not to', async () => {
  const { annotations, jobs: jobCalls, runs } = host.handlers
  const { id: label } = await annotations.add({ imageId: imageIds[0], classId: disc, shape: circle(30) })
  expect(await jobCalls.scope(wholeFolder)).toEqual({ labelled: 1, targets: 4 })
  await jobCalls.showing({ imageIds: [imageIds[3], imageIds[2]] })
  events.length = 0
  await jobCalls.propagate(wholeFolder)
  const { runId } = await ended('propagate')
  const answered = events.flatMap((event) => (event.type === 'annotations-changed' ? [event.imageId] : []))
  expect(answered).toEqual([imageIds[3], imageIds[2], imageIds[1], imageIds[4]])
  expect(new Set(draftsBySource())).toEqual(new Set([label]))

  // The label is drawn anew as another one: all proposals come from that.
  await annotations.remove({ ids: [label] })
  const { id: second } = await annotations.add({ imageId: imageIds[0], classId: disc, shape: circle(34) })
  const update = await ended('update-proposals')
  expect(update.runId).toBe(runId)
  expect(new Set(draftsBySource())).toEqual(new Set([second]))
  expect(await runs.all()).toHaveLength(1)

  await jobCalls.setLive({ on: false })
  expect(await jobCalls.live()).toEqual({ on: false })
  await annotations.remove({ ids: [second] })
  await annotations.add({ imageId: imageIds[0], classId: disc, shape: circle(32) })
  await new Promise((resolve) => setTimeout(resolve, 2500))
  expect(new Set(draftsBySource())).toEqual(new Set([second]))
  await jobCalls.setLive({ on: true })
  await vi.waitFor(() => expect(draftsBySource()).not.toContain(second), { timeout: 120_000, interval: 50 })

  const again = await runs.again({ id: runId ?? 0 })
  await vi.waitFor(() => expect(jobs.find(({ id }) => id === again.jobId)?.state).toBe('finished'), {
    timeout: 120_000,
  })
  expect((await runs.all()).map(({ canBeRepeated }) => canBeRepeated)).toEqual([true, true])

  // What a person rejects lowers the scores of what is proposed from then on, with the same labels.
  const before = draftScores()
  const [rejected, ...others] = before.keys()
  expect(others.length).toBeGreaterThan(0)
  const [{ id }] = [...host.project.store.annotations.each({ states: ['draft'] })]
  await host.handlers.review.answer({ id, state: 'rejected' })
  const last = await runs.again({ id: runId ?? 0 })
  await vi.waitFor(() => expect(jobs.find(({ id }) => id === last.jobId)?.state).toBe('finished'), { timeout: 120_000 })
  const after = draftScores()
  expect(after.has(rejected)).toBe(false)
  for (const place of others) expect(after.get(place)).toBeLessThan(before.get(place) ?? 0)
})

it('suggests what to label next, once there are objects, and not what is labelled', async () => {
  const { images, annotations } = host.handlers
  await ended('embed')
  await images.suggestions()
  await ended('suggest')
  const { images: suggested } = await images.suggestions()
  expect(suggested.length).toBeGreaterThan(0)
  await annotations.add({ imageId: suggested[0].id, classId: disc, shape: circle(30) })
  const left = (await images.suggestions()).images.map(({ id }) => id)
  expect(left).not.toContain(suggested[0].id)
})
