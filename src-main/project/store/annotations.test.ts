import { beforeEach, describe, expect, it } from 'vitest'

import type { Store } from './index.ts'
import type { Database } from './database.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

let store: Store
let database: Database
let imageId: number
let cow: number
let sheep: number
beforeEach(() => {
  ;({ store, database } = newStore())
  imageId = store.images.add(imageFile('a.png'))
  cow = store.classes.add({ name: 'cow' }).id
  sheep = store.classes.add({ name: 'sheep' }).id
})

const add = (changes: object = {}) =>
  store.annotations.add({ imageId, classId: cow, mask: columns(2, 3), source: 'person', ...changes })

it('gives back what it was given, with box and area of the mask', () => {
  const id = add({ polygons: [[2, 0, 5, 0, 5, 6, 2, 6]], attributes: { truncated: true, breed: 'Angus', age: 3.5 } })
  expect(store.annotations.get(id)).toEqual({
    id,
    imageId,
    classId: cow,
    mask: columns(2, 3),
    polygons: [[2, 0, 5, 0, 5, 6, 2, 6]],
    holes: [],
    box: { x: 2, y: 0, width: 3, height: 6 },
    area: 18,
    source: 'person',
    state: 'accepted',
    score: null,
    similarity: null,
    runId: null,
    sourceAnnotationId: null,
    crowd: false,
    position: 0,
    hidden: false,
    locked: false,
    attributes: { truncated: true, breed: 'Angus', age: 3.5 },
  })
})

describe('refuses', () => {
  it.each([
    ['a mask of another size', { mask: { size: [8, 6], counts: [0, 48] } }, 'mask-size'],
    ['an empty mask', { mask: { size: [6, 8], counts: [48] } }, 'mask-invalid'],
    ['a class that is not there', { classId: 77 }, 'class-unknown'],
    ['an image that is not there', { imageId: 77 }, 'image-missing'],
  ])('%s', (_, changes, code) => {
    expect(() => add(changes)).toThrow(expect.objectContaining({ code }) as Error)
  })

  it('all of many where one is wrong', () => {
    const good = { imageId, classId: cow, mask: columns(0, 1), source: 'import' as const }
    expect(() => store.annotations.addAll([good, { ...good, classId: 77 }])).toThrow()
    expect(store.annotations.ofImage(imageId)).toEqual([])
    expect(store.annotations.addAll([good, good]).length).toBe(2)
  })

  it('rows that were tampered with', () => {
    const id = add()
    const tamper = (assignment: string) => database.execute(`UPDATE annotation SET ${assignment}`)
    tamper(`attributes = 'not JSON'`)
    expect(() => store.annotations.get(id)).toThrow('JSON')
    tamper(`attributes = '{}', state = 'perhaps'`)
    expect(() => store.annotations.get(id)).toThrow()
    tamper(`state = 'draft', counts = '999'`)
    expect(() => store.annotations.get(id)).toThrow(expect.objectContaining({ code: 'mask-invalid' }) as Error)
  })
})

it('filters by image, class, state and source', () => {
  const other = store.images.add(imageFile('b.png'))
  const person = add()
  const imported = add({ source: 'import', classId: sheep })
  const proposal = add({ source: 'proposal', imageId: other })
  const ids = (filter: Parameters<typeof store.annotations.each>[0]) =>
    [...store.annotations.each(filter)].map(({ id }) => id)
  expect(ids({})).toEqual([person, imported, proposal])
  expect(ids({ imageId })).toEqual([person, imported])
  expect(ids({ classId: sheep })).toEqual([imported])
  expect(ids({ states: ['draft'] })).toEqual([proposal])
  expect(ids({ sources: ['person', 'proposal'] })).toEqual([person, proposal])
  expect(ids({ states: [] })).toEqual([])
  expect(store.annotations.ofImage(other).map(({ id }) => id)).toEqual([proposal])
  expect(store.annotations.page({ after: person, limit: 1 }).map(({ id }) => id)).toEqual([imported])
  expect(store.annotations.labelledImages()).toEqual([imageId])
  expect(store.annotations.labelledImages(sheep)).toEqual([imageId])
  expect(store.annotations.counts()).toEqual([
    { classId: cow, state: 'accepted', source: 'person', count: 1 },
    { classId: cow, state: 'draft', source: 'proposal', count: 1 },
    { classId: sheep, state: 'accepted', source: 'import', count: 1 },
  ])
})

it('changes, answers and removes', () => {
  const id = add({ source: 'proposal', score: 0.7, similarity: 0.9 })
  expect(store.annotations.update(id, { mask: columns(0, 1), classId: sheep })).toMatchObject({
    classId: sheep,
    area: 6,
    box: { x: 0, y: 0, width: 1, height: 6 },
    state: 'draft',
    score: 0.7,
  })
  expect(store.annotations.setState([id, 99], 'rejected')).toBe(1)
  expect(store.annotations.get(id)?.state).toBe('rejected')
  expect(() => store.annotations.update(99, {})).toThrow(expect.objectContaining({ code: 'argument-invalid' }) as Error)
  expect(store.annotations.remove([id, 99])).toBe(1)
  expect(store.annotations.get(id)).toBeUndefined()
  expect(add()).toBe(id + 1) // ids are not used again
})

it('puts what is new in front, and what is moved where a person wants it', () => {
  const [back, middle] = [add(), add()]
  store.annotations.update(middle, { position: 3 })
  const front = add()
  store.annotations.update(back, { position: 1, hidden: true, locked: true, holes: [[2, 0, 3, 0, 3, 1]] })
  expect(store.annotations.ofImage(imageId).map(({ id }) => id)).toEqual([back, middle, front])
  expect(store.annotations.get(front)?.position).toBe(3)
  expect(store.annotations.get(back)).toMatchObject({ hidden: true, locked: true, holes: [[2, 0, 3, 0, 3, 1]] })
})

it('answers more proposals at once than SQLite takes parameters', () => {
  const ids = store.annotations.addAll(
    Array.from({ length: 40_000 }, () => ({ imageId, classId: cow, mask: columns(0, 1), source: 'proposal' as const })),
  )
  expect(store.annotations.setState(ids, 'accepted')).toBe(40_000)
  expect(store.annotations.remove(ids)).toBe(40_000)
})

it('lists the proposals that a person rejected or drew anew, the newest first', () => {
  const [untouched, accepted, rejected, redrawn] = Array.from({ length: 4 }, () =>
    add({ source: 'proposal', score: 0.5, similarity: 0.9 }),
  )
  add()
  store.annotations.setState([accepted], 'accepted')
  store.annotations.setState([rejected], 'rejected')
  store.annotations.update(redrawn, { mask: columns(1, 2), state: 'accepted' })
  const corrected = (limit: number) => store.annotations.corrected(limit).map(({ id }) => id)
  expect(corrected(9)).toEqual([redrawn, rejected])
  expect(corrected(1)).toEqual([redrawn])
  expect(store.annotations.get(untouched)?.state).toBe('draft')
})

it('lists masks that no longer fit, until they fit again', () => {
  add()
  add()
  expect(store.annotations.misfits()).toEqual([])
  store.images.setFile(imageId, imageFile('a.png', { width: 10 }))
  expect(store.annotations.misfits()).toEqual([{ imageId, path: 'a.png', annotations: 2 }])
  store.images.setFile(imageId, imageFile('a.png'))
  expect(store.annotations.misfits()).toEqual([])
})

it('keeps negatives', () => {
  const other = store.images.add(imageFile('b.png'))
  store.negatives.add(imageId, cow)
  store.negatives.add(imageId, cow)
  store.negatives.add(imageId, sheep)
  store.negatives.add(other, cow)
  expect(store.negatives.ofImage(imageId)).toEqual([cow, sheep])
  expect(store.negatives.ofClass(cow)).toEqual([imageId, other])
  store.negatives.remove(imageId, cow)
  expect(store.negatives.ofClass(cow)).toEqual([other])
})
