import { beforeEach, expect, it } from 'vitest'
import { imageQuerySchema, type ImageQuery } from '../../contract/index.ts'
import type { Database } from './database.ts'
import type { Store } from './index.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let database: Database
let ids: number[]
let beetle: number
beforeEach(() => {
  ;({ store, database } = newStore())
  const broken = { problem: { code: 'image-damaged', message: 'cut short' } }
  ids = [imageFile('b.png'), imageFile('A 100%.png'), imageFile('c.png'), imageFile('d.png', broken)].map((file) =>
    store.images.add(file),
  )
  beetle = store.classes.add({ name: 'beetle' }).id
})

const paths = (query: Partial<ImageQuery>, offset = 0, limit = 100) =>
  store.imageList.page(imageQuerySchema.parse(query), offset, limit).images.map(({ path }) => path)

const draw = (imageId: number) =>
  store.annotations.add({ imageId, classId: beetle, mask: columns(1, 2), source: 'person' })

const propose = (imageId: number, score: number) => {
  const run = store.runs.begin('propagation', {}, { classIds: [beetle] })
  store.runs.writeDrafts(run.id, imageId, [{ classId: beetle, mask: columns(0, 1), score }])
}

it('gives any stretch of the list, and how long the whole is', () => {
  expect(paths({})).toEqual(['A 100%.png', 'b.png', 'c.png', 'd.png'])
  expect(paths({}, 1, 2)).toEqual(['b.png', 'c.png'])
  expect(store.imageList.page(imageQuerySchema.parse({}), 1, 2).total).toBe(4)
  expect(paths({ sort: 'added' })).toEqual(['d.png', 'c.png', 'A 100%.png', 'b.png'])
})

it('filters by text as it stands, state and class', () => {
  draw(ids[0])
  propose(ids[2], 0.4)
  expect(paths({ text: 'a 1' })).toEqual(['A 100%.png'])
  expect(paths({ text: '%' })).toEqual(['A 100%.png'])
  expect(paths({ text: '_' })).toEqual([])
  expect(paths({ state: 'labelled' })).toEqual(['b.png'])
  expect(paths({ state: 'proposed' })).toEqual(['c.png'])
  expect(paths({ state: 'unlabelled' })).toEqual(['A 100%.png'])
  expect(paths({ state: 'problem' })).toEqual(['d.png'])
  expect(paths({ classId: beetle })).toEqual(['b.png', 'c.png'])
})

it('puts the least certain proposals first, and says what an image has', () => {
  propose(ids[0], 0.9)
  propose(ids[2], 0.4)
  expect(paths({ sort: 'certainty' })).toEqual(['c.png', 'b.png', 'A 100%.png', 'd.png'])
  expect(store.imageList.get(ids[2])).toMatchObject({ state: 'proposed', drafts: 1, accepted: 0, certainty: 0.4 })
  expect(store.imageList.get(ids[3])).toMatchObject({ state: 'problem', problem: { code: 'image-damaged' } })
})

it('counts drafts that a later run replaced no more', () => {
  propose(ids[0], 0.2)
  propose(ids[0], 0.8)
  expect(store.imageList.get(ids[0])).toMatchObject({ drafts: 1, certainty: 0.8 })
})

it('filters by split and by the least certain proposal', () => {
  store.images.setSplit([ids[0]], 'train', { byPerson: false })
  propose(ids[0], 0.4)
  propose(ids[2], 0.7)
  expect(paths({ split: 'train' })).toEqual(['b.png'])
  expect(paths({ split: 'none' })).toEqual(['A 100%.png', 'c.png', 'd.png'])
  expect(paths({ split: 'test' })).toEqual([])
  expect(paths({ below: 0.7 })).toEqual(['b.png'])
  expect(paths({ below: 0.71 })).toEqual(['b.png', 'c.png'])
  expect(paths({ below: 0.71, classId: beetle, split: 'none', text: 'c' })).toEqual(['c.png'])
})

it('sorts either way round; what an image has nothing of puts it last', () => {
  propose(ids[0], 0.4)
  propose(ids[2], 0.7)
  draw(ids[1])
  draw(ids[1])
  expect(paths({ sort: 'name', reversed: true })).toEqual(['d.png', 'c.png', 'b.png', 'A 100%.png'])
  expect(paths({ sort: 'certainty', reversed: true })).toEqual(['c.png', 'b.png', 'A 100%.png', 'd.png'])
  expect(paths({ sort: 'state' })).toEqual(['b.png', 'c.png', 'A 100%.png', 'd.png'])
  expect(paths({ sort: 'annotations' })).toEqual(['A 100%.png', 'b.png', 'c.png', 'd.png'])
  expect(paths({ sort: 'annotations', reversed: true })).toEqual(['d.png', 'b.png', 'c.png', 'A 100%.png'])
})

it('sorts by when annotations last changed', () => {
  for (const [i, id] of ids.slice(0, 3).entries())
    database.command('UPDATE image SET changed_at = :at WHERE id = :id').run({ id, at: [20, 30, 10][i] })
  expect(paths({ sort: 'changed' })).toEqual(['A 100%.png', 'b.png', 'c.png', 'd.png'])
  expect(paths({ sort: 'changed', reversed: true })).toEqual(['c.png', 'b.png', 'A 100%.png', 'd.png'])
})

it('says what an image has of each class, the most first', () => {
  const leaf = store.classes.add({ name: 'leaf' }).id
  store.annotations.add({ imageId: ids[0], classId: leaf, mask: columns(1, 2), source: 'person' })
  draw(ids[0])
  draw(ids[0])
  propose(ids[2], 0.4)
  const classes = store.imageList.page(imageQuerySchema.parse({}), 0, 9).images.map((image) => image.classes)
  const two = [
    { classId: beetle, accepted: 2, drafts: 0 },
    { classId: leaf, accepted: 1, drafts: 0 },
  ]
  expect(classes).toEqual([[], two, [{ classId: beetle, accepted: 0, drafts: 1 }], []])
  expect(store.imageList.get(ids[0])?.classes).toEqual(two)
})

it('gives the ids of any stretch in the same order', () => {
  propose(ids[2], 0.4)
  const query = imageQuerySchema.parse({ sort: 'certainty' })
  const all = store.imageList.page(query, 0, 9).images.map(({ id }) => id)
  expect(store.imageList.ids(query, 0, 9)).toEqual(all)
  expect(store.imageList.ids(query, 1, 2)).toEqual(all.slice(1, 3))
})
