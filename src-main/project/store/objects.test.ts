import { expect, it } from 'vitest'
import { z } from 'zod'

import type { NewObject } from './objects.ts'
import { columns, imageFile, newStore } from './store-for-tests.ts'

function object(seed: number, dimensions = 5): NewObject {
  return {
    mask: columns(seed % 8, 1),
    box: { x: seed + 0.5, y: 1, width: 2.25, height: 3 },
    tokens: 6,
    embedding: Float16Array.from({ length: dimensions }, (_, i) => Math.sin(seed + i)),
  }
}

it('keeps the objects of an image, and replaces them', () => {
  const { store } = newStore()
  const image = store.images.add(imageFile('a.png'))
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: { depths: [6, 9, 12] } })
  const other = store.models.register({ fingerprint: 'g', name: 'vit', details: {} })
  store.objects.replace(image, model.id, [object(1), object(2)])
  store.objects.replace(image, other.id, [object(9)])
  expect(store.objects.ofImage(image, model.id)).toEqual([
    { ...object(1), id: 1, imageId: image },
    { ...object(2), id: 2, imageId: image },
  ])
  store.objects.replace(image, model.id, [object(3)])
  expect(store.objects.ofImage(image, model.id)).toEqual([{ ...object(3), id: 4, imageId: image }])
  expect([store.objects.count(model.id), store.objects.count(other.id)]).toEqual([1, 1])

  store.models.remove(other.id)
  expect(store.objects.count(other.id)).toBe(0)
})

it('accepts an embedding that is a view into a larger array', () => {
  const { store } = newStore()
  const image = store.images.add(imageFile('a.png'))
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const all = Float16Array.from([1, 2, 3, 4, 5, 6])
  store.objects.replace(image, model.id, [{ ...object(1), embedding: all.subarray(2, 4) }])
  expect(store.objects.ofImage(image, model.id)[0].embedding).toEqual(Float16Array.from([3, 4]))
})

it('streams embeddings in blocks, in order, each once', () => {
  const { store } = newStore()
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const other = store.models.register({ fingerprint: 'g', name: 'vit', details: {} })
  const expected: { imageId: number; embedding: Float16Array }[] = []
  for (let i = 0; i < 10; i++) {
    const imageId = store.images.add(imageFile(`${i}.png`))
    const objects = Array.from({ length: i % 4 }, (_, k) => object(10 * i + k))
    store.objects.replace(imageId, model.id, objects)
    store.objects.replace(imageId, other.id, [object(7, 3)])
    expected.push(...objects.map(({ embedding }) => ({ imageId, embedding })))
  }
  const chunks = [...store.objects.chunks(model.id, 4)]
  expect(chunks.map(({ ids }) => ids.length)).toEqual([4, 4, 4, 1])
  const found = chunks.flatMap(({ imageIds, dimensions, embeddings }) =>
    imageIds.map((imageId, i) => ({ imageId, embedding: embeddings.slice(i * dimensions, (i + 1) * dimensions) })),
  )
  expect(found).toEqual(expected)
  expect([...store.objects.chunks(99)]).toEqual([])
  expect(store.objects.sample(model.id, 100)).toEqual(expected)
  expect(store.objects.sample(model.id, 5)).toEqual([0, 3, 6, 9, 12].map((place) => expected[place]))
  expect(store.objects.sample(99, 5)).toEqual([])
})

it('knows which images are still to be embedded', () => {
  const { store } = newStore()
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const ids = ['a.png', 'b.png', 'c.png', 'd.png'].map((path) => store.images.add(imageFile(path)))
  store.images.setMissing([ids[3]])
  store.objects.replace(ids[0], model.id, [object(1)])
  store.objects.replace(ids[1], model.id, []) // nothing was found in it
  expect(store.objects.imagesWithout(model.id, { limit: 9 })).toEqual([ids[2]])
  store.images.setFile(ids[0], imageFile('a.png', { hash: 'other content' }))
  expect(store.objects.imagesWithout(model.id, { limit: 9 })).toEqual([ids[0], ids[2]])
  expect(store.objects.imagesWithout(model.id, { after: ids[0], limit: 9 })).toEqual([ids[2]])
  expect(store.objects.imagesWithout(model.id, { limit: 1 })).toEqual([ids[0]])
})

it('a model is the same by its fingerprint', () => {
  const { store } = newStore()
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: { a: 1 } })
  expect(store.models.register({ fingerprint: 'f', name: 'renamed', details: { a: 2 } })).toEqual({
    ...model,
    name: 'renamed',
    details: { a: 2 },
  })
  expect(store.models.all().length).toBe(1)
  expect(store.models.get(model.id)?.name).toBe('renamed')
})

it('settings are checked by who reads them', () => {
  const { store } = newStore()
  expect(store.settings.get('weights', z.string())).toBeUndefined()
  store.settings.set('weights', 'a.safetensors')
  store.settings.set('weights', 'b.safetensors')
  expect(store.settings.get('weights', z.string())).toBe('b.safetensors')
  expect(() => store.settings.get('weights', z.number())).toThrow()
  store.settings.remove('weights')
  expect(store.settings.get('weights', z.string())).toBeUndefined()
})

it('lists objects by index and by id, and tells how far they go', () => {
  const { store } = newStore()
  const model = store.models.register({ fingerprint: 'f', name: 'vit', details: {} })
  const other = store.models.register({ fingerprint: 'g', name: 'vit', details: {} })
  const [a, b] = ['a.png', 'b.png'].map((path) => store.images.add(imageFile(path)))
  store.objects.replace(a, model.id, [object(1), object(2)])
  store.objects.replace(a, other.id, [object(3)])
  store.objects.replace(b, model.id, [object(4)])
  expect(store.objects.page(model.id, 1, 5)).toEqual([
    { id: 2, imageId: a, path: 'a.png', tokens: 6 },
    { id: 4, imageId: b, path: 'b.png', tokens: 6 },
  ])
  expect(store.objects.page(model.id, 3, 5)).toEqual([])
  expect(store.objects.list([4, 99]).map(({ id }) => id)).toEqual([4])
  expect(store.objects.extent(model.id)).toEqual({ count: 3, lastId: 4 })
  expect(store.objects.extent(model.id, 3)).toEqual({ count: 2, lastId: 2 })
  expect(store.objects.extent(99)).toEqual({ count: 0, lastId: 0 })
  expect([...store.objects.chunks(model.id, 10, 2)].map(({ ids }) => ids)).toEqual([[4]])
})
