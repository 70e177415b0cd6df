import { beforeEach, expect, it } from 'vitest'
import type { Database } from './database.ts'
import type { Store } from './index.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let database: Database
let ids: number[]
let beetle: number
let leaf: number
beforeEach(() => {
  ;({ store, database } = newStore())
  const broken = { problem: { code: 'image-damaged', message: 'cut short' } }
  ids = [imageFile('a.png'), imageFile('b.png'), imageFile('c.png'), imageFile('d.png', broken)].map((file) =>
    store.images.add(file),
  )
  beetle = store.classes.add({ name: 'beetle' }).id
  leaf = store.classes.add({ name: 'leaf' }).id
})

const draw = (imageId: number, count: number) =>
  store.annotations.add({ imageId, classId: beetle, mask: columns(0, count), source: 'person' })

const propose = (imageId: number, ...counts: number[]) => {
  const run = store.runs.begin('propagation', {}, { classIds: [beetle] })
  const drafts = counts.map((count) => ({ classId: beetle, mask: columns(0, count), score: 0.5 }))
  return store.runs.writeDrafts(run.id, imageId, drafts)
}

it('counts what was drawn, what was taken over and what waits, and the images of each split', () => {
  draw(ids[0], 1)
  draw(ids[0], 2)
  const [taken, rejected] = propose(ids[0], 5, 8)
  propose(ids[1], 3)
  propose(ids[1], 5) // in the place of the one before
  store.annotations.setState([taken], 'accepted')
  store.annotations.setState([rejected], 'rejected')
  store.negatives.add(ids[2], beetle)
  store.images.setSplit([ids[0]], 'train', { byPerson: false })
  expect(store.statistics.classes()).toEqual([
    {
      classId: beetle,
      instances: { drawn: 2, taken: 1, waiting: 1 },
      ...{ labelledImages: 1, proposedImages: 1, absentImages: 1 },
      splits: { train: 1, validation: 0, test: 0, none: 1 },
      areas: [
        { exponent: 2, accepted: 1, drafts: 0 },
        { exponent: 3, accepted: 1, drafts: 0 },
        { exponent: 4, accepted: 1, drafts: 1 },
      ],
      medianArea: 12, // of 6, 12 and 30
    },
    {
      classId: leaf,
      instances: { drawn: 0, taken: 0, waiting: 0 },
      ...{ labelledImages: 0, proposedImages: 0, absentImages: 0 },
      splits: { train: 0, validation: 0, test: 0, none: 0 },
      ...{ areas: [], medianArea: null },
    },
  ])
  expect(store.statistics.images()).toEqual({
    states: { unlabelled: 1, proposed: 1, labelled: 1, skipped: 0, problem: 1 },
    splits: { train: 1, validation: 0, test: 0, none: 2 },
  })
})

it('gives the median of proposals where nothing is accepted', () => {
  propose(ids[0], 1, 2, 3, 8)
  expect(store.statistics.classes()[0].medianArea).toBe(12)
})

it('leaves out what is on images that are no longer in the folder', () => {
  draw(ids[0], 1)
  draw(ids[1], 8)
  store.images.setMissing([ids[0]])
  expect(store.statistics.classes()[0]).toMatchObject({
    ...{ instances: { drawn: 1 }, labelledImages: 1, areas: [{ exponent: 5, accepted: 1 }], medianArea: 48 },
  })
})

it('puts every power of two into its own bin, and one less into the bin below', () => {
  const id = draw(ids[0], 1)
  for (let exponent = 1; exponent < 31; exponent++)
    for (const [area, expected] of [
      [2 ** exponent, exponent],
      [2 ** exponent - 1, exponent - 1],
    ]) {
      database.command('UPDATE annotation SET area = :area WHERE id = :id').run({ id, area })
      expect([area, store.statistics.classes()[0].areas[0].exponent]).toEqual([area, expected])
    }
})
