import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapPairs, bitmaps } from '../../tests/arbitrary/masks.ts'
import {
  area,
  boundingBox,
  checkRunLengths,
  compressCounts,
  decodeRunLengths,
  decompressCounts,
  emptyBitmap,
  emptyMask,
  encodeRunLengths,
  intersect,
  intersectionOverUnion,
  invert,
  sameMask,
  subtract,
  unite,
} from './index.ts'

describe('run lengths', () => {
  it('are column-major and begin with the zeros', () => {
    // 1 0 1
    // 1 1 0
    const bitmap = { width: 3, height: 2, data: Uint8Array.of(1, 0, 1, 1, 1, 0) }
    expect(encodeRunLengths(bitmap)).toEqual({ size: [2, 3], counts: [0, 2, 1, 2, 1] })
  })

  it('give the bitmap back', () => {
    fc.assert(
      fc.property(bitmaps(40), (bitmap) => {
        expect(decodeRunLengths(encodeRunLengths(bitmap))).toEqual(bitmap)
      }),
    )
  })

  it('know the area and the box of the pixels', () => {
    fc.assert(
      fc.property(bitmaps(), (bitmap) => {
        const mask = encodeRunLengths(bitmap)
        const inside = [...bitmap.data.keys()].filter((index) => bitmap.data[index] === 1)
        const xs = inside.map((index) => index % bitmap.width)
        const ys = inside.map((index) => Math.floor(index / bitmap.width))
        expect(area(mask)).toBe(inside.length)
        expect(boundingBox(mask)).toEqual(
          inside.length === 0
            ? { x: 0, y: 0, width: 0, height: 0 }
            : {
                x: Math.min(...xs),
                y: Math.min(...ys),
                width: Math.max(...xs) - Math.min(...xs) + 1,
                height: Math.max(...ys) - Math.min(...ys) + 1,
              },
        )
      }),
    )
  })

  it('combine as the pixels do', () => {
    fc.assert(
      fc.property(bitmapPairs(), ([a, b]) => {
        const [maskA, maskB] = [encodeRunLengths(a), encodeRunLengths(b)]
        const pixelwise = (operation: (insideA: number, insideB: number) => number) =>
          encodeRunLengths({ ...a, data: a.data.map((value, index) => operation(value, b.data[index])) })
        const both = pixelwise((x, y) => x & y)
        const either = pixelwise((x, y) => x | y)
        expect(intersect(maskA, maskB)).toEqual(both)
        expect(unite(maskA, maskB)).toEqual(either)
        expect(subtract(maskA, maskB)).toEqual(pixelwise((x, y) => x & (1 - y)))
        expect(invert(maskA)).toEqual(pixelwise((x) => 1 - x))
        expect(intersectionOverUnion(maskA, maskB)).toBe(area(either) === 0 ? 0 : area(both) / area(either))
        expect(sameMask(maskA, maskB)).toBe(area(both) === area(either))
      }),
    )
  })

  it('survive compression', () => {
    fc.assert(
      fc.property(bitmaps(40), (bitmap) => {
        const mask = encodeRunLengths(bitmap)
        expect(decompressCounts(compressCounts(mask), mask.size)).toEqual(mask)
      }),
    )
  })

  it('of a very large image survive compression', () => {
    const mask = { size: [32_768, 32_768] as [number, number], counts: [1, 5, 2 ** 29, 3, 1, 2 ** 29 - 10] }
    expect(decompressCounts(compressCounts(mask), mask.size)).toEqual(mask)
  })

  it('of an image without pixels are an empty mask', () => {
    expect(encodeRunLengths(emptyBitmap(0, 5))).toEqual(emptyMask(0, 5))
    expect(boundingBox(emptyMask(0, 5))).toEqual({ x: 0, y: 0, width: 0, height: 0 })
  })

  it('are brought to one form', () => {
    expect(checkRunLengths([2, 3], [1, 2, 0, 1, 0, 0, 2, 0]).counts).toEqual([1, 3, 2])
    expect(checkRunLengths([2, 3], [6, 0]).counts).toEqual([6])
  })
})

describe('malformed run lengths', () => {
  it.each([
    ['too few pixels', [2, 3], [1, 2]],
    ['too many pixels', [2, 3], [1, 60]],
    ['a negative run', [2, 3], [8, -2]],
    ['a fraction of a pixel', [2, 3], [5.5, 0.5]],
    ['no number', [2, 3], [NaN]],
    ['a negative size', [-2, -3], [6]],
    ['a size no image has', [2 ** 20, 2 ** 20], [2 ** 40]],
  ] as const)('are refused: %s', (_, size, counts) => {
    expect(() => checkRunLengths(size, counts)).toThrow(expect.objectContaining({ code: 'mask-invalid' }))
  })

  it('are refused: any text that is no mask of the size', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        try {
          expect(compressCounts(decompressCounts(text, [1000, 1000]))).not.toBe('')
        } catch (error) {
          expect(error).toMatchObject({ code: 'mask-invalid' })
        }
      }),
    )
    for (const text of ['', 'o', 'ooooooooooooooo0', '06ä'])
      expect(() => decompressCounts(text, [2, 3])).toThrow(expect.objectContaining({ code: 'mask-invalid' }))
  })

  it('of two sizes do not combine', () => {
    expect(() => unite(emptyMask(2, 3), emptyMask(3, 2))).toThrow(expect.objectContaining({ code: 'mask-size' }))
  })
})
