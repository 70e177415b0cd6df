import { expect, it } from 'vitest'

import { columns, imageFile, newStore } from './store-for-tests.ts'

it('keeps what a scan found', () => {
  const { store } = newStore()
  const broken = { code: 'image-damaged', message: 'The image is damaged.' }
  const a = store.images.add(imageFile('x/a.png', { orientation: 6 }))
  const b = store.images.add(imageFile('b.png', { width: 0, height: 0, problem: broken }))
  expect(store.images.get(a)).toEqual({
    ...imageFile('x/a.png', { orientation: 6 }),
    id: a,
    split: null,
    splitByPerson: false,
    skipped: null,
    missing: false,
  })
  expect(store.images.byPath('x/a.png')?.id).toBe(a)
  expect(store.images.byPath('a.png')).toBeUndefined()
  expect(store.images.byName('a.png').map(({ id }) => id)).toEqual([a])
  expect(store.images.problems().map(({ id, problem }) => ({ id, problem }))).toEqual([{ id: b, problem: broken }])
  expect([store.images.count(), store.images.count({ usable: true })]).toEqual([2, 1])

  store.images.setProblem(b, null)
  store.images.setProblem(a, broken)
  expect([...store.images.each({ usable: true })].map(({ id }) => id)).toEqual([b])
  store.images.setSplit([a, b], 'validation', { byPerson: true })
  expect(store.images.get(b)).toMatchObject({ split: 'validation', splitByPerson: true })

  store.images.setMissing([a])
  expect(store.images.get(a)?.missing).toBe(true)
  expect([store.images.byPath('x/a.png'), store.images.byName('a.png')]).toEqual([undefined, []])
  store.images.setFile(a, imageFile('y/c.png'))
  expect(store.images.byName('c.png')[0]).toMatchObject({ id: a, missing: false, problem: null, split: 'validation' })
})

it('is read page by page, and may be written to in between', () => {
  const { store } = newStore()
  store.transaction(() => {
    for (let i = 0; i < 2500; i++) store.images.add(imageFile(`${i}.png`))
  })
  expect(store.images.page({ limit: 3 }).map(({ id }) => id)).toEqual([1, 2, 3])
  expect(store.images.page({ after: 3, limit: 2 }).map(({ id }) => id)).toEqual([4, 5])
  let seen = 0
  for (const { id } of store.images.each()) {
    expect(id).toBe(++seen)
    store.images.setSplit([id], 'train', { byPerson: false })
  }
  expect(seen).toBe(2500)
})

it('counts a skipped image as readable, not as usable', () => {
  const { store } = newStore()
  const [a, b] = ['a.png', 'b.png'].map((name) => store.images.add(imageFile(name)))
  store.images.setSkipped([a], 'blurred')
  const idsOf = (options: { readable?: boolean; usable?: boolean }) =>
    [...store.images.each(options)].map(({ id }) => id)
  expect([idsOf({}), idsOf({ readable: true }), idsOf({ usable: true })]).toEqual([[a, b], [a, b], [b]])
  expect([store.images.count({ readable: true }), store.images.count({ usable: true })]).toEqual([2, 1])
  expect([store.images.get(a)?.skipped, store.imageList.get(a)?.state]).toEqual(['blurred', 'skipped'])
  store.images.setSkipped([a], null)
  expect(idsOf({ usable: true })).toEqual([a, b])
})

it('counts as labelled what has an accepted annotation in sight and is neither skipped nor missing', () => {
  const { store } = newStore()
  const [a, b, c] = ['a.png', 'b.png', 'c.png'].map((name) => store.images.add(imageFile(name)))
  const classId = store.classes.add({ name: 'cat' }).id
  const add = (imageId: number, source: 'person' | 'proposal') =>
    store.annotations.add({ imageId, classId, mask: columns(0, 2), source })
  const counted = () => store.images.countLabelled()
  const first = add(a, 'person')
  add(a, 'person')
  add(b, 'proposal')
  add(c, 'person')
  expect(counted()).toBe(2)
  store.images.setSkipped([c], 'blurred')
  expect(counted()).toBe(1)
  store.images.setSkipped([c], null)
  store.images.setMissing([c])
  expect(counted()).toBe(1)
  store.annotations.remove([first])
  expect(counted()).toBe(1)
})
