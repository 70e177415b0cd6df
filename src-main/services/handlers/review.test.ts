import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostEvent } from '../../contract/index.ts'
import { rasterisePolygons } from '../../masks/index.ts'
import { Host } from '../host.ts'

let host: Host
let events: HostEvent[]
/** Of the first three images of the sample. */
let imageIds: number[]
let labelId: number
let runId: number
/** Two on the second image, one on the third. */
let drafts: number[]
const all = { classId: null, runId: null }

beforeEach(async () => {
  host = new Host(mkdtempSync(join(tmpdir(), 'cribsheet-review-')))
  await host.handlers.project.openSample()
  const { store } = host.project
  const images = store.images.page({ limit: 3 })
  imageIds = images.map(({ id }) => id)
  const square = (index: number, left: number) =>
    rasterisePolygons([[left, 20, left + 40, 20, left + 40, 60, left, 60]], images[index].width, images[index].height)
  const classId = store.classes.add({ name: 'beetle' }).id
  labelId = store.annotations.add({ imageId: imageIds[0], classId, mask: square(0, 10), source: 'person' })
  runId = store.runs.begin('propagation', {}, { classIds: [classId] }).id
  const draft = (index: number, left: number, score: number) => ({
    ...{ classId, mask: square(index, left), score, similarity: 0.9, sourceAnnotationId: labelId },
  })
  drafts = [
    ...store.runs.writeDrafts(runId, imageIds[1], [draft(1, 10, 0.8), draft(1, 100, 0.3)]),
    ...store.runs.writeDrafts(runId, imageIds[2], [draft(2, 10, 0.6)]),
  ]
  store.runs.finish(runId, {})
  events = []
  host.subscribe((event) => events.push(event))
})
afterEach(() => host.shutDown())

const states = () => drafts.map((id) => host.project.store.annotations.get(id)?.state)

it('shows a proposal with its image and the annotation that it came from', async () => {
  const { review } = host.handlers
  const { ids } = await review.queue({ ...all, order: 'least-certain' })
  expect(ids).toEqual([drafts[1], drafts[2], drafts[0]])
  expect(await review.get({ id: drafts[1] })).toMatchObject({
    annotation: { id: drafts[1], score: 0.3 },
    image: { id: imageIds[1] },
    source: { annotation: { id: labelId }, image: { id: imageIds[0] } },
  })
  await host.handlers.annotations.remove({ ids: [labelId] })
  expect(await review.get({ id: drafts[1] })).toMatchObject({ source: null })
  await host.handlers.runs.undo({ id: runId })
  expect(await review.get({ id: drafts[1] })).toBeNull()
})

it('accepts all from a limit on as one step, and takes it back, save what was changed since', async () => {
  const { review, annotations } = host.handlers
  const { accepted, action } = await review.acceptAbove({ ...all, limit: 60 })
  expect([accepted, states()]).toEqual([2, ['accepted', 'draft', 'accepted']])
  const told = events.flatMap((event) => (event.type === 'annotations-changed' ? [event.imageId] : []))
  expect(new Set(told)).toEqual(new Set([imageIds[1], imageIds[2]]))
  expect(await review.next()).toEqual({ undo: { label: 'Accept 2 proposals from 60 % on', imageId: null }, redo: null })

  const rings = [[0, 0, 50, 0, 50, 50]]
  await annotations.setShape({ id: drafts[0], shape: { kind: 'polygons', rings } })
  expect(await review.takeBack({ action: action ?? 0 })).toEqual({ takenBack: 1, kept: 1 })
  expect(states()).toEqual(['accepted', 'draft', 'draft'])
  const { drafts: left, accepted: kept } = (await host.handlers.runs.all())[0].counts
  expect([left, kept]).toEqual([2, 1])
  expect(await host.handlers.runs.undo({ id: runId })).toEqual({ removed: 2, kept: 1, restored: 0 })
})

it('takes what was accepted from a limit on back by the undo of any of its images, and spares what is locked', async () => {
  const { review, annotations, history } = host.handlers
  await annotations.setLocked({ ids: [drafts[2]], locked: true })
  expect((await review.certainties(all)).counts[60]).toBe(0)
  expect((await review.page({ ...all, limit: 0, side: 'above', offset: 0, count: 9 })).total).toBe(2)
  expect((await review.acceptAbove({ ...all, limit: 0 })).accepted).toBe(2)
  expect(states()).toEqual(['accepted', 'accepted', 'draft'])
  await annotations.setLocked({ ids: [drafts[1]], locked: true })
  await annotations.setLocked({ ids: [drafts[0]], locked: true })
  await history.undo({ imageId: imageIds[1] })

  const of = { imageId: imageIds[1] }
  expect(await history.next(of)).toMatchObject({ undo: 'Lock an annotation' })
  await history.undo(of)
  expect(await history.undo(of)).toEqual({
    label: 'Accept 2 proposals from 0 % on',
    across: { changed: 2, kept: 0 },
  })
  expect(states()).toEqual(['draft', 'draft', 'draft'])
  expect(await history.next({ imageId: imageIds[2] })).toMatchObject({ undo: 'Lock an annotation', redo: null })
})

it('tells every page whose image an undo across images reached', async () => {
  const { review, annotations, history } = host.handlers
  await review.acceptAbove({ ...all, limit: 50 })
  await annotations.setLocked({ ids: [drafts[2]], locked: true })
  events.length = 0
  expect(await history.undo({ imageId: imageIds[1] })).toMatchObject({ across: { changed: 1, kept: 1 } })
  const told = events.flatMap((event) => (event.type === 'annotations-changed' ? [event.imageId] : []))
  expect(new Set(told)).toEqual(new Set([imageIds[1], imageIds[2]]))
  expect(states()).toEqual(['draft', 'draft', 'accepted'])
  expect(await history.redo({ imageId: imageIds[1] })).toMatchObject({ across: { changed: 1, kept: 0 } })
  expect(states()).toEqual(['accepted', 'draft', 'accepted'])
})

it('undoes and redoes the last answer, whichever image it was on', async () => {
  const { review } = host.handlers
  await review.answer({ id: drafts[1], state: 'accepted' })
  await review.answer({ id: drafts[2], state: 'rejected' })
  expect(await review.undo()).toEqual({ label: 'Reject a proposal', imageId: imageIds[2] })
  expect(await review.undo()).toEqual({ label: 'Accept a proposal', imageId: imageIds[1] })
  expect([states(), await review.undo()]).toEqual([['draft', 'draft', 'draft'], null])
  expect(await review.redo()).toEqual({ label: 'Accept a proposal', imageId: imageIds[1] })
  expect(states()).toEqual(['draft', 'accepted', 'draft'])
})

it('takes an answer with another class as one step', async () => {
  const { review, classes } = host.handlers
  const { id: leaf } = await classes.add({ name: 'leaf' })
  await review.answer({ id: drafts[0], state: 'accepted', classId: leaf })
  await review.answer({ id: drafts[1], state: 'rejected' })
  const seen = () =>
    drafts.map((id) => host.project.store.annotations.get(id)).map((each) => [each?.state, each?.classId])
  expect(seen().slice(0, 2)).toMatchObject([
    ['accepted', leaf],
    ['rejected', expect.any(Number)],
  ])
  expect(await review.undo()).toEqual({ label: 'Reject a proposal', imageId: imageIds[1] })
  expect(await review.undo()).toEqual({ label: 'Accept as leaf', imageId: imageIds[1] })
  expect(seen()[0]).not.toContain(leaf)
  const gone = () => review.answer({ id: 999, state: 'accepted' })
  expect(gone).toThrow(expect.objectContaining({ code: 'argument-invalid' }) as Error)
})

it('lists runs with what has become of their annotations', async () => {
  await host.handlers.annotations.setState({ ids: [drafts[0]], state: 'rejected' })
  expect(await host.handlers.runs.all()).toMatchObject([
    {
      id: runId,
      counts: { drafts: 2, accepted: 0, rejected: 1, replaced: 0, byPerson: 1 },
      canBeUndone: true,
      canBeRepeated: false, // not by `propagate`: it has no settings
    },
  ])
  expect(await host.handlers.runs.annotations({ id: runId, after: drafts[0], count: 5 })).toEqual({
    ids: drafts.slice(1),
  })
  await expect(host.handlers.runs.again({ id: runId })).rejects.toMatchObject({ code: 'argument-invalid' })
})
