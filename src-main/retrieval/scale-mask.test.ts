import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRunLengths, encodeRunLengths } from '../masks/index.ts'
import { scaleMask } from './scale-mask.ts'

const side = fc.integer({ min: 1, max: 20 })

const anyBitmap = fc
  .record({ width: side, height: side })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((pixels) => ({ width, height, data: Uint8Array.from(pixels) })),
  )

test('every pixel takes what its centre lies on, in canonical run lengths', () => {
  fc.assert(
    fc.property(anyBitmap, side, side, (bitmap, width, height) => {
      const data = new Uint8Array(width * height)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const sourceX = Math.floor(((x + 0.5) * bitmap.width) / width)
          const sourceY = Math.floor(((y + 0.5) * bitmap.height) / height)
          data[y * width + x] = bitmap.data[sourceY * bitmap.width + sourceX]
        }
      const scaled = scaleMask(encodeRunLengths(bitmap), { width, height })
      expect(decodeRunLengths(scaled)).toEqual({ width, height, data })
      expect(scaled).toEqual(encodeRunLengths({ width, height, data }))
    }),
  )
})
