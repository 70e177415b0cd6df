import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divide } from './held-out.ts'

const folder = (count: number) => Array.from({ length: count }, (_, i) => ({ hash: `content ${i}`, name: i }))

test.each([
  [1, 0],
  [2, 0],
  [3, 1],
  [14, 1],
  [15, 2],
  [60, 6],
])('of %i images %i are held out', (count, expected) => {
  const { trained, heldOut, copies } = divide(folder(count), { seed: 0 })
  expect([trained.length, heldOut.length, copies.length]).toEqual([count - expected, expected, 0])
})

test('every image is in one part, copies of one content count once, and none is on both sides', () => {
  const images = fc.array(fc.record({ hash: fc.integer({ min: 0, max: 12 }).map(String), name: fc.integer() }))
  fc.assert(
    fc.property(images, fc.integer(), fc.double({ min: 0, max: 0.9, noNaN: true }), (folder, seed, share) => {
      const { trained, heldOut, copies } = divide(folder, { seed, share })
      expect(new Set([...trained, ...heldOut, ...copies])).toEqual(new Set(folder))
      expect(trained.length + heldOut.length + copies.length).toBe(folder.length)
      const contents = [...trained, ...heldOut].map(({ hash }) => hash)
      expect(new Set(contents).size).toBe(contents.length)
      expect(contents.length).toBe(new Set(folder.map(({ hash }) => hash)).size)
      if (folder.length > 0) expect(trained.length).toBeGreaterThan(0)
    }),
  )
})

test('order and names change nothing, the seed does', () => {
  const images = folder(40)
  const held = (some: typeof images, seed: number) =>
    divide(some, { seed })
      .heldOut.map(({ hash }) => hash)
      .sort()
  expect(held(images.toReversed(), 1)).toEqual(held(images, 1))
  expect(held(images, 2)).not.toEqual(held(images, 1))
})
