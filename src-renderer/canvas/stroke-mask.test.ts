import fc from 'fast-check'
import { expect, it } from 'vitest'
import { area, decodeRunLengths, subtract } from '../../src-main/masks/index.ts'
import { distance, nearestOnLine } from './geometry.ts'
import { strokeMask } from './stroke-mask.ts'

const image = { width: 60, height: 40 }
const point = fc.record({ x: fc.integer({ min: -5, max: 65 }), y: fc.integer({ min: -5, max: 45 }) })

it('is a disc where the brush only touches', () => {
  const mask = strokeMask([{ x: 30, y: 20 }], 12, image)
  expect(area(mask)).toBeGreaterThan(0.97 * Math.PI * 144)
  expect(area(mask)).toBeLessThan(1.02 * Math.PI * 144)
})

it('holds what lies within the radius of the way, and nothing well beyond it', () => {
  fc.assert(
    fc.property(point, point, fc.integer({ min: 2, max: 9 }), (a, b, radius) => {
      const { data } = decodeRunLengths(strokeMask([a, b], radius, image))
      data.forEach((inside, i) => {
        const pixel = { x: (i % image.width) + 0.5, y: Math.floor(i / image.width) + 0.5 }
        const away = distance(pixel, nearestOnLine(pixel, a, b))
        if (away < radius - 0.8) expect(inside).toBe(1)
        if (away > radius + 0.8) expect(inside).toBe(0)
      })
    }),
  )
})

it('holds every part of a longer way', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 2, maxLength: 6 }), (points) => {
      const whole = strokeMask(points, 8, image)
      const last = strokeMask(points.slice(-1), 7, image)
      expect(area(subtract(last, whole))).toBe(0)
    }),
  )
})
