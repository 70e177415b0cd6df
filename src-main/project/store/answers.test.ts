import { beforeEach, expect, it } from 'vitest'

import type { Store } from './index.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let sheep: number
let image: number
/** Proposals of one column each, with the scores 0.2, 0.4, 0.6 and 0.8. */
let ids: number[]

beforeEach(() => {
  ;({ store } = newStore())
  image = store.images.add(imageFile('a.png'))
  const cow = store.classes.add({ name: 'cow' }).id
  sheep = store.classes.add({ name: 'sheep' }).id
  const run = store.runs.begin('propagation', {}, { classIds: [cow] }).id
  const draft = (rawScore: number, column: number) => ({
    ...{ classId: cow, mask: columns(column, 1), score: 0.5, rawScore },
  })
  ids = store.runs.writeDrafts(run, image, [draft(0.2, 0), draft(0.4, 2), draft(0.6, 4), draft(0.8, 6)])
})

function act(work: () => unknown): void {
  store.history.record('An action', work, image)
}

it('of a person alone are answers: a run that accepts is none, and what waits is none', () => {
  expect(store.answers.newest()).toEqual([])
  const [run] = store.runs.all()
  store.runs.acceptAbove(run.id, 0.5, 'run')
  expect(store.answers.newest()).toEqual([])
})

it('accepted is right, rejected is not, and another class is not', () => {
  act(() => store.annotations.update(ids[0], { state: 'accepted' }))
  act(() => store.annotations.update(ids[1], { state: 'rejected' }))
  act(() => store.annotations.update(ids[2], { state: 'accepted', classId: sheep }))
  expect(store.answers.newest()).toEqual([
    { rawScore: 0.6, iou: 0 },
    { rawScore: 0.4, iou: 0 },
    { rawScore: 0.2, iou: 1 },
  ])
})

it('a corrected mask says how well the proposed one fitted, however often it was corrected', () => {
  act(() => store.annotations.update(ids[1], { mask: columns(2, 2) }))
  act(() => store.annotations.update(ids[1], { mask: columns(2, 4), state: 'accepted' }))
  expect(store.answers.newest()).toEqual([{ rawScore: 0.4, iou: 0.25 }])
})

it('what was undone is no answer any more', () => {
  act(() => store.annotations.update(ids[1], { mask: columns(2, 2), state: 'accepted' }))
  store.history.undo(image)
  expect(store.answers.newest()).toEqual([])
})

it('accepting many at once is no answer: nobody looked at each', () => {
  store.history.recordAcross('Accept all', () => store.annotations.setState(ids, 'accepted'))
  expect(store.answers.newest()).toEqual([])
  act(() => store.annotations.update(ids[3], { mask: columns(6, 2) }))
  expect(store.answers.newest()).toEqual([{ rawScore: 0.8, iou: 0.5 }])
})
