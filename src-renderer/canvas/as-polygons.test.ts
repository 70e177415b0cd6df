import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitmaps } from '../../tests/arbitrary/masks.ts'
import { area, encodeRunLengths, rasterisePolygons, subtract } from '../../src-main/masks/index.ts'
import { asPolygons } from './as-polygons.ts'
import { strokeMask } from './stroke-mask.ts'
import { Sheet } from './tools/drawing-for-tests.ts'

const outlined = (mask: ReturnType<typeof encodeRunLengths>) => {
  const sheet = new Sheet()
  sheet.add({ kind: 'mask', mask })
  const shape = asPolygons(sheet.annotations[0])
  if (shape.kind !== 'polygons') throw new Error('It is no polygon.')
  return shape
}

it('has few corners, and nearly the pixels of the mask', () => {
  const points = [
    { x: 30, y: 30 },
    { x: 70, y: 50 },
  ]
  const mask = strokeMask(points, 15, { width: 100, height: 80 })
  const { rings } = outlined(mask)
  expect(rings).toHaveLength(1)
  expect(rings[0].length / 2).toBeLessThan(40)
  const again = rasterisePolygons(rings, 100, 80)
  expect(area(subtract(mask, again)) + area(subtract(again, mask))).toBeLessThan(0.06 * area(mask))
})

it('keeps a hole, and never makes an empty annotation of one that is not', () => {
  const whole = strokeMask([{ x: 50, y: 40 }], 30, { width: 100, height: 80 })
  const hole = strokeMask([{ x: 50, y: 40 }], 12, { width: 100, height: 80 })
  expect(outlined(subtract(whole, hole)).holes).toHaveLength(1)
  fc.assert(
    fc.property(bitmaps(), (bitmap) => {
      const mask = encodeRunLengths(bitmap)
      fc.pre(area(mask) > 0)
      const { rings } = outlined(mask)
      expect(area(rasterisePolygons(rings, bitmap.width, bitmap.height))).toBeGreaterThan(0)
    }),
  )
})
