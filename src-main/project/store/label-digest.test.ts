import fc from 'fast-check'
import { expect, it } from 'vitest'

import { columns, imageFile, newStore } from './store-for-tests.ts'

function storeWithLabels() {
  const { store } = newStore()
  const imageId = store.images.add(imageFile('a.png'))
  const [cow, dog] = ['cow', 'dog'].map((name) => store.classes.add({ name }).id)
  const add = (classId: number, first: number, source: 'person' | 'proposal' = 'person') =>
    store.annotations.add({ imageId, classId, mask: columns(first, 1), source })
  return { store, imageId, cow, dog, add }
}

it('changes with every label that is drawn, changed or taken away, by whatever way, and not with proposals', () => {
  const { store, imageId, cow, dog, add } = storeWithLabels()
  const seen = [store.labelDigest.value]
  const first = add(cow, 0)
  seen.push(store.labelDigest.value)
  const second = add(dog, 1)
  seen.push(store.labelDigest.value)
  store.annotations.update(first, { mask: columns(2, 2) })
  seen.push(store.labelDigest.value)
  store.transaction(() => {
    store.annotations.update(first, { classId: dog })
    store.annotations.update(second, { classId: cow }) // the same labels with their classes exchanged
  })
  seen.push(store.labelDigest.value)
  store.classes.merge(dog, cow)
  seen.push(store.labelDigest.value)
  const proposal = add(cow, 5, 'proposal')
  store.annotations.setState([proposal], 'accepted')
  store.annotations.update(first, { hidden: true, attributes: { seen: 'yes' } })
  expect(store.labelDigest.value).toBe(seen.at(-1))
  store.annotations.update(proposal, { mask: columns(4, 3) }) // a person's by now
  seen.push(store.labelDigest.value)
  store.annotations.remove(store.annotations.ofImage(imageId).map(({ id }) => id))
  expect(new Set(seen).size).toBe(seen.length)
  expect(store.labelDigest.value).toBe(seen[0])
})

it('is what it was after undo, and after what was given up', () => {
  const { store, imageId, cow, dog, add } = storeWithLabels()
  const kept = add(cow, 0)
  const changes: (() => unknown)[] = [
    () => add(dog, 3),
    () => store.annotations.update(kept, { mask: columns(1, 3) }),
    () => store.annotations.update(kept, { classId: dog }),
    () => store.annotations.setState([kept], 'rejected'),
    () => store.annotations.remove([kept]),
  ]
  fc.assert(
    fc.property(fc.subarray(changes, { minLength: 1 }), (chosen) => {
      const before = store.labelDigest.value
      const work = () => chosen.forEach((change) => change())
      store.history.record('Change', work, imageId)
      const after = store.labelDigest.value
      expect(after).not.toBe(before)
      store.history.undo(imageId)
      expect(store.labelDigest.value).toBe(before)
      store.history.redo(imageId)
      expect(store.labelDigest.value).toBe(after)
      store.history.undo(imageId)
      const givenUp = () =>
        store.transaction(() => {
          work()
          throw new Error('given up')
        })
      expect(givenUp).toThrow('given up')
      expect(store.labelDigest.value).toBe(before)
    }),
    { numRuns: 20 },
  )
})
