import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRunLengths, encodeRunLengths } from '../../src-main/masks/index.ts'
import { contains } from './hit.ts'

it('is what the pixels say', () => {
  const bitmap = fc
    .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
        .map((data) => ({ width, height, data: Uint8Array.from(data) })),
    )
  fc.assert(
    fc.property(bitmap, fc.integer({ min: -2, max: 10 }), fc.integer({ min: -2, max: 10 }), (pixels, x, y) => {
      const mask = encodeRunLengths(pixels)
      const { data, width, height } = decodeRunLengths(mask)
      const inside = x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1
      expect(contains(mask, { x: x + 0.5, y: y + 0.5 })).toBe(inside)
    }),
  )
})
