import { expect, it } from 'vitest'

import { columns, imageFile, newStore } from './store-for-tests.ts'

it('adds, changes and removes classes, and never uses an id again', () => {
  const { store } = newStore()
  const cow = store.classes.add({ name: 'cow' })
  expect(cow).toEqual({
    id: 1,
    name: 'cow',
    colour: cow.colour,
    key: null,
    supercategory: '',
    ignored: false,
    regions: false,
  })
  expect(cow.colour).toMatch(/^#[0-9a-f]{6}$/)
  const other = store.classes.add({ name: 'ignore', colour: '#123456', key: 'i', supercategory: 'none', ignored: true })
  expect(store.classes.byName('ignore')).toEqual(other)
  expect(store.classes.update(cow.id, { name: 'cattle', regions: true })).toEqual({
    ...cow,
    name: 'cattle',
    regions: true,
  })
  expect(store.classes.get(cow.id)?.regions).toBe(true)
  expect(store.classes.all().map(({ name }) => name)).toEqual(['cattle', 'ignore'])

  store.classes.remove(other.id)
  expect(store.classes.add({ name: 'sheep' }).id).toBe(3)
})

it('refuses a name that is taken, and a class that is not there', () => {
  const { store } = newStore()
  store.classes.add({ name: 'cow' })
  const sheep = store.classes.add({ name: 'sheep' })
  const taken = expect.objectContaining({ code: 'argument-invalid' }) as Error
  expect(() => store.classes.add({ name: 'cow' })).toThrow(taken)
  expect(() => store.classes.update(sheep.id, { name: 'cow' })).toThrow(taken)
  expect(() => store.classes.update(9, { name: 'x' })).toThrow(expect.objectContaining({ code: 'class-unknown' }))
  expect(store.classes.all().length).toBe(2)
})

it('takes its annotations and negatives along', () => {
  const { store } = newStore()
  const imageId = store.images.add(imageFile('a.png'))
  const [cow, sheep] = ['cow', 'sheep'].map((name) => store.classes.add({ name }).id)
  store.annotations.add({ imageId, classId: cow, mask: columns(0, 1), source: 'person' })
  const kept = store.annotations.add({ imageId, classId: sheep, mask: columns(0, 1), source: 'person' })
  store.negatives.add(imageId, cow)
  store.classes.remove(cow)
  expect(store.annotations.ofImage(imageId).map(({ id }) => id)).toEqual([kept])
  expect(store.negatives.ofImage(imageId)).toEqual([])
})

it('merges: annotations become those of the other, and what is not there is what neither was', () => {
  const { store } = newStore()
  const [a, b, c] = ['a.png', 'b.png', 'c.png'].map((path) => store.images.add(imageFile(path)))
  const [cow, calf] = ['cow', 'calf'].map((name) => store.classes.add({ name }).id)
  const drawn = store.annotations.add({ imageId: a, classId: calf, mask: columns(0, 1), source: 'person' })
  const draft = store.annotations.add({ imageId: b, classId: calf, mask: columns(0, 1), source: 'proposal' })
  for (const imageId of [a, b, c]) store.negatives.add(imageId, cow)
  store.negatives.add(c, calf)
  expect(store.classes.extent(calf)).toEqual({ accepted: 1, drafts: 1, rejected: 0, images: 2, negatives: 1 })

  store.history.record('Merge', () => store.classes.merge(calf, cow))
  expect(store.classes.all().map(({ id }) => id)).toEqual([cow])
  expect([drawn, draft].map((id) => store.annotations.get(id)?.classId)).toEqual([cow, cow])
  expect(store.negatives.ofClass(cow)).toEqual([c])
  expect(store.classes.extent(cow)).toEqual({ accepted: 1, drafts: 1, rejected: 0, images: 2, negatives: 1 })

  store.history.undo()
  expect(store.annotations.get(drawn)?.classId).toBe(calf)
  expect(store.negatives.ofClass(cow)).toEqual([a, b, c])
})

it('gives a hundred classes a hundred colours', () => {
  const { store } = newStore()
  const colours = Array.from({ length: 100 }, (_, i) => store.classes.add({ name: `class ${i}` }).colour)
  expect(new Set(colours).size).toBe(100)
})
