import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShuffledEpochs } from './epochs.ts'

const sizes = [fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 90 }), fc.nat()] as const

test('every batch is full, and every epoch holds every image once, also where a batch is larger than the folder', () => {
  fc.assert(
    fc.property(...sizes, (images, batch, seed) => {
      const epochs = new ShuffledEpochs({ images, batch, seed })
      const batches = Array.from({ length: Math.ceil((3 * images) / batch) }, (_, step) => epochs.batchAt(step))
      for (const each of batches) expect(each.length).toBe(batch)
      const stream = batches.flat()
      for (let epoch = 0; epoch < 3; epoch++)
        expect(stream.slice(epoch * images, (epoch + 1) * images).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: images }, (_, i) => i),
        )
    }),
  )
})

test('a batch follows from seed and step alone', () => {
  fc.assert(
    fc.property(...sizes, fc.nat(200), (images, batch, seed, step) => {
      const inOrder = new ShuffledEpochs({ images, batch, seed })
      let last: number[] = []
      for (let i = 0; i <= step; i++) last = inOrder.batchAt(i)
      expect(new ShuffledEpochs({ images, batch, seed }).batchAt(step)).toEqual(last)
    }),
  )
})

test('epochs and seeds are shuffled differently', () => {
  const epochs = new ShuffledEpochs({ images: 50, batch: 50, seed: 1 })
  const others = new ShuffledEpochs({ images: 50, batch: 50, seed: 2 })
  expect(epochs.batchAt(0)).not.toEqual(epochs.batchAt(1))
  expect(epochs.batchAt(0)).not.toEqual(others.batchAt(0))
})

test('an epoch begins at its first step', () => {
  fc.assert(
    fc.property(...sizes, fc.nat(50), (images, batch, seed, epoch) => {
      const epochs = new ShuffledEpochs({ images, batch, seed })
      const first = epochs.firstStepOf(epoch)
      expect(epochs.epochAt(first)).toBeGreaterThanOrEqual(epoch)
      if (first > 0) expect(epochs.epochAt(first - 1)).toBeLessThan(epoch)
    }),
  )
})

test('no images, or empty batches, are refused', () => {
  expect(() => new ShuffledEpochs({ images: 0, batch: 8, seed: 0 })).toThrow(RangeError)
  expect(() => new ShuffledEpochs({ images: 8, batch: 0, seed: 0 })).toThrow(RangeError)
})
