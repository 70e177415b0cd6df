import { beforeEach, expect, it } from 'vitest'

import type { Store } from './index.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let cow: number
let sheep: number
let run: number
/** Ids of the drafts, in the order in which they were written. */
let ids: number[]
const all = { classId: null, runId: null }

beforeEach(() => {
  ;({ store } = newStore())
  const images = ['a.png', 'b.png'].map((path) => store.images.add(imageFile(path)))
  cow = store.classes.add({ name: 'cow' }).id
  sheep = store.classes.add({ name: 'sheep' }).id
  run = store.runs.begin('propagation', {}, { classIds: [cow, sheep] }).id
  const draft = (classId: number, column: number, score: number, similarity: number) => ({
    ...{ classId, mask: columns(column, 1), score, similarity },
  })
  ids = [
    ...store.runs.writeDrafts(run, images[0], [draft(cow, 1, 0.9, 0.5), draft(sheep, 2, 0.29, 0.7)]),
    ...store.runs.writeDrafts(run, images[1], [draft(cow, 1, 0.4, 0.9), draft(cow, 3, 1, 0.1)]),
  ]
  store.annotations.add({ imageId: images[0], classId: cow, mask: columns(6, 1), source: 'person' })
})

it('are reviewed in either order, all or those of a class or run', () => {
  const [a, b, c, d] = ids
  expect(store.proposals.queue(all, 'least-certain')).toEqual([b, c, a, d])
  expect(store.proposals.queue(all, 'most-similar')).toEqual([c, b, a, d])
  expect(store.proposals.queue({ ...all, classId: cow }, 'least-certain')).toEqual([c, a, d])
  expect(store.proposals.queue({ ...all, runId: run + 1 }, 'least-certain')).toEqual([])
  store.annotations.setState([b], 'rejected')
  expect(store.proposals.queue(all, 'least-certain')).toEqual([c, a, d])
})

it('are counted, listed and chosen by the same limit', () => {
  const counts = store.proposals.certainties(all)
  expect(counts).toHaveLength(101)
  for (let limit = 0; limit <= 100; limit++) {
    const above = counts.slice(limit).reduce((sum, count) => sum + count, 0)
    const page = (side: 'above' | 'below') => store.proposals.page(all, { side, limit, offset: 0, count: 10 })
    expect(page('above').proposals).toHaveLength(above)
    expect(page('below').proposals).toHaveLength(4 - above)
    expect(new Set(store.proposals.above(all, limit).ids)).toEqual(new Set(page('above').proposals.map(({ id }) => id)))
  }
})

it('nearest to the limit come first, a page at a time', () => {
  const [a, b, c, d] = ids
  const page = (side: 'above' | 'below', offset: number) => {
    const { total, proposals } = store.proposals.page(all, { side, limit: 40, offset, count: 2 })
    return [total, proposals.map(({ id }) => id)]
  }
  expect([page('above', 0), page('above', 2)]).toEqual([
    [3, [c, a]],
    [3, [d]],
  ])
  expect(page('below', 0)).toEqual([1, [b]])
})
