import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IMAGENET, normalisedBytes, toPatches } from './patches.ts'

test('every byte lands, normalised, at its patch, channel, row and column', () => {
  const table = normalisedBytes(IMAGENET)
  const sizes = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 3 }),
    columns: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(sizes, fc.integer(), ({ batch, rows, columns }, seed) => {
      const [height, width] = [rows * 16, columns * 16]
      const pixels = Uint8Array.from(
        { length: batch * height * width * 3 },
        (_, i) => Math.imul(i ^ seed, 2654435761) >>> 24,
      )
      const patches = toPatches(pixels, { batch, height, width }, IMAGENET)
      for (let i = 0; i < pixels.length; i += 37) {
        const channel = i % 3
        const [x, row] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
        const [image, y] = [Math.floor(row / height), row % height]
        const patch = (image * rows + Math.floor(y / 16)) * columns + Math.floor(x / 16)
        const place = channel * 256 + (y % 16) * 16 + (x % 16)
        expect(patches[patch * 768 + place]).toBe(table[channel * 256 + pixels[i]])
      }
    }),
    { numRuns: 20 },
  )
})

test('the normalisation is (byte / 255 - mean) / std', () => {
  const table = normalisedBytes(IMAGENET)
  expect(table[256 + 100]).toBeCloseTo((100 / 255 - 0.456) / 0.224, 6)
})

test('sizes that are no multiple of 16 and too few bytes are refused', () => {
  expect(() => toPatches(new Uint8Array(20 * 16 * 3), { batch: 1, height: 20, width: 16 }, IMAGENET)).toThrow(
    RangeError,
  )
  expect(() => toPatches(new Uint8Array(100), { batch: 1, height: 16, width: 16 }, IMAGENET)).toThrow(RangeError)
})
