import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inputSize } from './input-size.ts'

describe('inputSize', () => {
  test.each([
    [{ width: 640, height: 480 }, 640, { width: 640, height: 480 }],
    [{ width: 480, height: 640 }, 448, { width: 336, height: 448 }],
    [{ width: 320, height: 213 }, 448, { width: 448, height: 304 }],
    [{ width: 320, height: 213 }, 640, { width: 640, height: 432 }],
    [{ width: 1, height: 1 }, 448, { width: 448, height: 448 }],
    [{ width: 5000, height: 3 }, 640, { width: 640, height: 16 }],
  ])('%o at %i is %o', (image, longSide, expected) => {
    expect(inputSize(image, longSide)).toEqual(expected)
  })

  test('has whole cells, the long side as asked, and the proportions within half a cell', () => {
    const side = fc.integer({ min: 1, max: 20_000 })
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 64 }), (width, height, cells) => {
        const size = inputSize({ width, height }, 16 * cells)
        expect([size.width % 16, size.height % 16]).toEqual([0, 0])
        expect(Math.max(size.width, size.height)).toBe(16 * cells)
        const exact = (16 * cells * Math.min(width, height)) / Math.max(width, height)
        expect(Math.abs(Math.min(size.width, size.height) - Math.max(16, exact))).toBeLessThanOrEqual(8)
      }),
    )
  })
})
