import { expect, it } from 'vitest'

import { columns, imageFile, newStore } from './store-for-tests.ts'

it('counts every change of an image, whoever makes it, and none of another', () => {
  const { store } = newStore()
  const [imageId, other] = ['a.png', 'b.png'].map((path) => store.images.add(imageFile(path)))
  const cow = store.classes.add({ name: 'cow' }).id
  const revisions = [store.revisions.of(imageId)]
  const changes = [
    () => store.history.record('Draw', () => draw(imageId), imageId),
    () => store.history.undo(imageId),
    () => store.history.redo(imageId),
    () => store.annotations.setState([1], 'rejected'),
    () => store.negatives.add(imageId, cow),
    () => store.negatives.remove(imageId, cow),
    () => store.classes.remove(cow),
  ]
  const draw = (image: number) =>
    store.annotations.add({ imageId: image, classId: cow, mask: columns(0, 1), source: 'person' })
  for (const change of changes) {
    change()
    revisions.push(store.revisions.of(imageId))
    expect(revisions.at(-1)).toBeGreaterThan(revisions.at(-2) ?? 0)
  }
  expect(store.revisions.of(other)).toBe(0)
})
