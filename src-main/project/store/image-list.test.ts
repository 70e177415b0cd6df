import { beforeEach, expect, it } from 'vitest'
import { imageQuerySchema, type ImageQuery } from '../../contract/index.ts'
import type { Store } from './index.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let ids: number[]
let beetle: number
beforeEach(() => {
  ;({ store } = newStore())
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
