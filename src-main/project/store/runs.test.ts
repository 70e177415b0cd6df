import { beforeEach, describe, expect, it } from 'vitest'

import type { Store } from './index.ts'
import type { NewDraft } from './runs.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let images: number[]
let cow: number
let sheep: number
beforeEach(() => {
  ;({ store } = newStore())
  images = ['a.png', 'b.png', 'c.png'].map((path) => store.images.add(imageFile(path)))
  cow = store.classes.add({ name: 'cow' }).id
  sheep = store.classes.add({ name: 'sheep' }).id
})

const draft = (classId: number, column: number, score = 0.5): NewDraft => ({
  classId,
  mask: columns(column, 1),
  score,
  similarity: 0.9,
})

/** A finished propagation: of each image the drafts. */
function propagate(classIds: number[], answers: NewDraft[][]): number {
  const { id } = store.runs.begin('propagation', { temperature: 0.05 }, { classIds })
  answers.forEach((drafts, i) => store.runs.writeDrafts(id, images[i], drafts))
  store.runs.finish(id, { images: answers.length })
  return id
}

/** What one sees in an image: class and first column of every annotation. */
const seen = (image: number) =>
  store.annotations.ofImage(images[image]).map(({ classId, box }) => `${classId === cow ? 'cow' : 'sheep'} ${box.x}`)

it('begins, ends and lists runs', () => {
  const { id } = store.runs.begin('propagation', { temperature: 0.05 }, { classIds: [cow] })
  expect(store.runs.get(id)).toMatchObject({ id, kind: 'propagation', state: 'running', finishedAt: null, summary: {} })
  expect(store.runs.finish(id, { images: 3 })).toMatchObject({ state: 'finished', summary: { images: 3 } })
  expect(store.runs.get(id)?.finishedAt).toBeGreaterThan(0)
  const cancelled = store.runs.begin('import', {}).id
  store.runs.cancel(cancelled)
  const failed = store.runs.begin('training', {}).id
  store.runs.fail(failed, 'The disk is full.')
  expect(store.runs.all().map((run) => run.state)).toEqual(['failed', 'cancelled', 'finished'])
  expect(store.runs.existing(failed).summary).toEqual({ reason: 'The disk is full.' })
  expect(store.runs.all('import').map((run) => run.id)).toEqual([cancelled])
  expect(() => store.runs.existing(9)).toThrow(expect.objectContaining({ code: 'run-missing' }) as Error)
})

it('a training is paused and goes on under its number', () => {
  const { id } = store.runs.begin('training', { steps: 9 })
  expect(store.runs.pause(id, { step: 4 })).toMatchObject({ state: 'paused', summary: { step: 4 } })
  expect(store.runs.failInterrupted()).toEqual([])
  expect(store.runs.resume(id)).toMatchObject({ id, state: 'running', finishedAt: null, summary: { step: 4 } })
  expect(store.runs.failInterrupted()).toMatchObject([{ id, state: 'failed', summary: { step: 4 } }])
  expect(() => store.runs.resume(9)).toThrow(expect.objectContaining({ code: 'run-missing' }) as Error)
})

it('a run that a crash cut off has failed, with what it wrote', () => {
  const { id } = store.runs.begin('propagation', {}, { classIds: [cow] })
  store.runs.writeDrafts(id, images[0], [draft(cow, 1)])
  expect(store.runs.failInterrupted().map((run) => run.id)).toEqual([id])
  expect(store.runs.existing(id).state).toBe('failed')
  expect([seen(0), store.runs.reachedImages(id)]).toEqual([['cow 1'], [images[0]]])
  expect(store.runs.undo(id)).toEqual({ removed: 1, kept: 0, restored: 0 })
})

describe('writeDrafts', () => {
  it('writes proposals of the run', () => {
    const id = propagate([cow], [[draft(cow, 1, 0.75)]])
    expect(store.annotations.ofImage(images[0])).toMatchObject([
      { source: 'proposal', state: 'draft', runId: id, score: 0.75, similarity: 0.9, classId: cow },
    ])
  })

  it('replaces the drafts of the run before, of its classes and images only', () => {
    propagate([cow, sheep], [[draft(cow, 1), draft(sheep, 2)], [draft(cow, 3)], [draft(cow, 4)]])
    propagate([cow], [[draft(cow, 5)], []])
    expect([seen(0), seen(1), seen(2)]).toEqual([['sheep 2', 'cow 5'], [], ['cow 4']])
  })

  it('never touches what a person made or answered, nor what was imported or accepted', () => {
    const first = propagate([cow], [[draft(cow, 1), draft(cow, 2), draft(cow, 3, 0.9), draft(cow, 4), draft(cow, 5)]])
    const ids = store.annotations.ofImage(images[0]).map(({ id }) => id)
    store.annotations.setState([ids[0]], 'accepted')
    store.annotations.setState([ids[1]], 'rejected')
    store.runs.acceptAbove(first, 0.9, 'run')
    store.annotations.update(ids[3], { attributes: { seen: true } }) // looked at, still a draft
    store.annotations.add({ imageId: images[0], classId: cow, mask: columns(6, 1), source: 'person' })
    store.annotations.add({ imageId: images[0], classId: cow, mask: columns(7, 1), source: 'import' })
    const before = store.annotations.ofImage(images[0]).filter(({ id }) => id !== ids[4])

    propagate([cow], [[draft(cow, 0)]])
    const after = store.annotations.ofImage(images[0])
    expect(after.slice(0, -1)).toEqual(before)
    expect(after.at(-1)?.box.x).toBe(0)
  })

  it('leaves out a class that a person said is not there', () => {
    store.negatives.add(images[0], cow)
    const id = propagate([cow, sheep], [[draft(cow, 1), draft(sheep, 2)]])
    expect(seen(0)).toEqual(['sheep 2'])
    expect(store.runs.reachedImages(id)).toEqual([images[0]])
  })

  it('again for the same image takes the place of the first', () => {
    const { id } = store.runs.begin('propagation', {}, { classIds: [cow] })
    store.runs.writeDrafts(id, images[0], [draft(cow, 1), draft(cow, 2)])
    store.runs.writeDrafts(id, images[0], [draft(cow, 3)])
    expect(seen(0)).toEqual(['cow 3'])
  })

  it('is all or nothing', () => {
    propagate([cow], [[draft(cow, 1)]])
    const { id } = store.runs.begin('propagation', {}, { classIds: [cow] })
    const empty = { ...draft(cow, 3), mask: { size: [6, 8] as [number, number], counts: [48] } }
    expect(() => store.runs.writeDrafts(id, images[0], [draft(cow, 2), empty])).toThrow()
    expect(() => store.runs.writeDrafts(id, images[0], [draft(sheep, 2)])).toThrow(
      expect.objectContaining({ code: 'class-unknown' }) as Error,
    )
    expect([seen(0), store.runs.reachedImages(id)]).toEqual([['cow 1'], []])
  })
})

it('accepts from a score on', () => {
  const id = propagate([cow], [[draft(cow, 1, 0.4), draft(cow, 2, 0.5)], [draft(cow, 3, 0.6)]])
  expect(store.runs.acceptAbove(id, 0.5, 'run')).toBe(2)
  expect([...store.annotations.each({ states: ['accepted'] })].map(({ box }) => box.x)).toEqual([2, 3])
  expect(store.runs.acceptAbove(id, 0.5, 'run')).toBe(0)
  expect(() => store.runs.acceptAbove(9, 0.5, 'run')).toThrow(expect.objectContaining({ code: 'run-missing' }) as Error)
})

describe('undo', () => {
  it('takes drafts back, and brings those before back into sight, with their ids', () => {
    propagate([cow], [[draft(cow, 1)], [draft(cow, 2)]])
    const before = [...store.annotations.each()]
    const second = propagate([cow], [[draft(cow, 3)], []])
    expect(store.runs.undo(second)).toEqual({ removed: 1, kept: 0, restored: 2 })
    expect([...store.annotations.each()]).toEqual(before)
    expect(store.runs.existing(second)).toMatchObject({
      state: 'undone',
      summary: { images: 2, undone: { removed: 1, kept: 0, restored: 2 } },
    })
  })

  it('keeps what a person answered or changed', () => {
    const id = propagate([cow], [[draft(cow, 1), draft(cow, 2), draft(cow, 3), draft(cow, 4, 0.9)]])
    const [a, b] = store.annotations.ofImage(images[0])
    store.annotations.setState([a.id], 'accepted')
    store.annotations.setState([b.id], 'rejected')
    store.runs.acceptAbove(id, 0.9, 'run') // a part of the run, which goes with it
    expect(store.runs.undo(id)).toEqual({ removed: 2, kept: 2, restored: 0 })
    expect(seen(0)).toEqual(['cow 1', 'cow 2'])
  })

  it('keeps what a person accepted by its score', () => {
    const id = propagate([cow], [[draft(cow, 1, 0.4), draft(cow, 2, 0.9)]])
    store.runs.acceptAbove(id, 0.5, 'person')
    expect(store.runs.undo(id)).toEqual({ removed: 1, kept: 1, restored: 0 })
  })

  it('in any order: a draft comes back where no later run has answered', () => {
    propagate([cow], [[draft(cow, 1)], [draft(cow, 1)]])
    const second = propagate([cow], [[draft(cow, 2)], [draft(cow, 2)]])
    const third = propagate([cow], [[draft(cow, 3)]]) // of the first image only
    expect(store.runs.undo(second)).toEqual({ removed: 2, kept: 0, restored: 1 })
    expect([seen(0), seen(1)]).toEqual([['cow 3'], ['cow 1']])
    expect(store.runs.undo(third)).toEqual({ removed: 1, kept: 0, restored: 1 })
    expect([seen(0), seen(1)]).toEqual([['cow 1'], ['cow 1']])
  })

  it('of an import takes back what it brought', () => {
    const mine = store.annotations.add({ imageId: images[0], classId: cow, mask: columns(0, 1), source: 'person' })
    const { id } = store.runs.begin('import', { source: 'a.json' })
    const imported = [1, 2].map((column) => ({
      imageId: images[0],
      classId: cow,
      mask: columns(column, 1),
      source: 'import' as const,
      runId: id,
    }))
    const [edited] = store.annotations.addAll(imported)
    store.runs.finish(id, {})
    store.annotations.update(edited, { mask: columns(5, 1) })
    expect(store.runs.undo(id)).toEqual({ removed: 1, kept: 1, restored: 0 })
    expect(store.annotations.ofImage(images[0]).map((annotation) => annotation.id)).toEqual([mine, edited])
  })

  it('refuses a run that still runs, is undone, is a training, or is not there', () => {
    const refused = expect.objectContaining({ code: 'argument-invalid' }) as Error
    const running = store.runs.begin('propagation', {}).id
    expect(() => store.runs.undo(running)).toThrow(refused)
    store.runs.finish(running, {})
    store.runs.undo(running)
    expect(() => store.runs.undo(running)).toThrow(refused)
    const training = store.runs.begin('training', {}).id
    store.runs.finish(training, {})
    expect(() => store.runs.undo(training)).toThrow(refused)
    expect(() => store.runs.undo(99)).toThrow(expect.objectContaining({ code: 'run-missing' }) as Error)
  })

  it('reaches three propagations back; older drafts are dropped', () => {
    const runs = [1, 2, 3, 4, 5].map((column) => propagate([cow], [[draft(cow, column)]]))
    expect(runs.reverse().map((id) => store.runs.undo(id).restored)).toEqual([1, 1, 1, 0, 0])
    expect(seen(0)).toEqual([])
  })
})

describe('what is asked already', () => {
  it('is not asked again: drafts on what a person drew or answered are left out', () => {
    propagate([cow], [[draft(cow, 1), draft(cow, 2)]])
    const [rejected] = store.annotations.ofImage(images[0])
    store.annotations.setState([rejected.id], 'rejected')
    store.annotations.add({ imageId: images[0], classId: cow, mask: columns(5, 1), source: 'person' })
    propagate([cow, sheep], [[draft(cow, 1), draft(sheep, 1), draft(cow, 2), draft(cow, 5), draft(cow, 7)]])
    expect(seen(0)).toEqual(['cow 1', 'cow 5', 'sheep 1', 'cow 2', 'cow 7'])
  })

  it('stays, where a run adds to the drafts of those before', () => {
    propagate([cow], [[draft(cow, 1), draft(cow, 2)]])
    const { id } = store.runs.begin('propagation', {}, { classIds: [cow] })
    store.runs.writeDrafts(id, images[0], [draft(cow, 2), draft(cow, 3)], 'add')
    expect(seen(0)).toEqual(['cow 1', 'cow 2', 'cow 3'])
    store.runs.finish(id, {})
    expect(store.runs.undo(id)).toEqual({ removed: 1, kept: 0, restored: 0 })
    expect(seen(0)).toEqual(['cow 1', 'cow 2'])
  })
})

it('tells what has become of what each run made', () => {
  const first = propagate([cow], [[draft(cow, 1)], [draft(cow, 2), draft(cow, 3), draft(cow, 4)]])
  const [a, b] = store.annotations.ofImage(images[1])
  store.annotations.setState([a.id], 'accepted')
  store.annotations.setState([b.id], 'rejected')
  const second = propagate([cow], [[draft(cow, 5)]])
  expect(store.runs.counts()).toEqual(
    new Map([
      [first, { drafts: 1, accepted: 1, rejected: 1, replaced: 1, byPerson: 2 }],
      [second, { drafts: 1, accepted: 0, rejected: 0, replaced: 0, byPerson: 0 }],
    ]),
  )
  const made = store.runs.annotations(first, { after: 0, limit: 2 })
  expect(made).toEqual([a.id, b.id])
  expect(store.runs.annotations(first, { after: made[1], limit: 2 })).toHaveLength(1)
})

it('a run that goes on may look for more classes', () => {
  const id = propagate([cow], [[draft(cow, 1)]])
  store.runs.resume(id)
  store.runs.addClasses(id, [cow, sheep])
  store.runs.writeDrafts(id, images[0], [draft(sheep, 2)])
  expect(seen(0)).toEqual(['sheep 2'])
})
