import { beforeEach, expect, it } from 'vitest'

import type { Store } from './index.ts'
import { newStore } from './store-for-tests.ts'

let store: Store
let run: number
beforeEach(() => {
  ;({ store } = newStore())
  run = store.runs.begin('training', {}).id
})

it('keeps the numbers of each step, and of each run its own', () => {
  const other = store.runs.begin('training', {}).id
  store.metrics.add(run, 2, { loss: 3, rate: 0.5 }, 20)
  store.metrics.add(run, 1, { loss: 4 }, 10)
  store.metrics.add(other, 1, { loss: 9 }, 10)
  expect(store.metrics.ofRun(run)).toEqual([
    { name: 'loss', step: 1, value: 4, at: 10 },
    { name: 'loss', step: 2, value: 3, at: 20 },
    { name: 'rate', step: 2, value: 0.5, at: 20 },
  ])
})

it('says null for what is not a finite number', () => {
  store.metrics.add(run, 1, { loss: NaN, rate: Infinity })
  expect(store.metrics.ofRun(run).map(({ value }) => value)).toEqual([null, null])
})

it('a step that is done again after going back is there once', () => {
  for (const step of [1, 2, 3]) store.metrics.add(run, step, { loss: step })
  store.metrics.removeAfter(run, 1)
  store.metrics.add(run, 2, { loss: 20 })
  store.metrics.add(run, 2, { loss: 21 })
  expect(store.metrics.ofRun(run).map(({ step, value }) => [step, value])).toEqual([
    [1, 1],
    [2, 21],
  ])
})

it('of the candidates one is kept', () => {
  store.candidates.add(run, { step: 0, file: null, heldOut: 0.5 })
  store.candidates.add(run, { step: 100, file: 'a', heldOut: null })
  store.candidates.keep(run, 0)
  store.candidates.add(run, { step: 100, file: 'b', heldOut: 0.75 })
  store.candidates.keep(run, 100)
  expect(store.candidates.ofRun(run)).toEqual([
    { step: 0, file: null, heldOut: 0.5, kept: false },
    { step: 100, file: 'b', heldOut: 0.75, kept: true },
  ])
  store.candidates.removeAfter(run, 50)
  expect(store.candidates.ofRun(run).map(({ step }) => step)).toEqual([0])
})

it('gives only what comes after a step, of the names asked for', () => {
  for (const step of [1, 2, 3]) store.metrics.add(run, step, { loss: step, rate: 0.5 }, 10)
  expect(store.metrics.after(run, 1, ['loss'])).toEqual([
    { name: 'loss', step: 2, value: 2, at: 10 },
    { name: 'loss', step: 3, value: 3, at: 10 },
  ])
  expect(store.metrics.after(run, 3, ['loss', 'rate'])).toEqual([])
})
