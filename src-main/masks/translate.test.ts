import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitmaps } from '../../tests/arbitrary/masks.ts'
import { encodeRunLengths, translate } from './index.ts'

const shift = fc.integer({ min: -16, max: 16 })

it('moves every pixel, and cuts off what leaves the image', () => {
  fc.assert(
    fc.property(bitmaps(), shift, shift, ({ width, height, data }, dx, dy) => {
      const moved = new Uint8Array(data.length)
      data.forEach((inside, i) => {
        const [x, y] = [(i % width) + dx, Math.floor(i / width) + dy]
        if (x >= 0 && y >= 0 && x < width && y < height) moved[y * width + x] = inside
      })
      expect(translate(encodeRunLengths({ width, height, data }), dx, dy)).toEqual(
        encodeRunLengths({ width, height, data: moved }),
      )
    }),
  )
})
