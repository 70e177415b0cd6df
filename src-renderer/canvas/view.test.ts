import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fit, pan, toImage, toWindow, zoomAt } from './view.ts'

const size = fc.record({ width: fc.integer({ min: 40, max: 8000 }), height: fc.integer({ min: 40, max: 8000 }) })
const factor = fc.double({ min: 0.2, max: 5, noNaN: true })
const window = { width: 900, height: 600 }

it('shows all of an image that fits, in the middle', () => {
  fc.assert(
    fc.property(size, (image) => {
      const view = fit(image, window)
      const start = toWindow(view, { x: 0, y: 0 })
      const end = toWindow(view, { x: image.width, y: image.height })
      expect(Math.min(start.x, start.y)).toBeGreaterThanOrEqual(15.9)
      expect(end.x - window.width + start.x).toBeCloseTo(0, 6)
      expect(end.y - window.height + start.y).toBeCloseTo(0, 6)
    }),
  )
})

it('zooms to the pointer: what is under it stays under it', () => {
  const at = fc.record({ x: fc.integer({ min: 0, max: 900 }), y: fc.integer({ min: 0, max: 600 }) })
  fc.assert(
    fc.property(size, at, fc.array(factor, { maxLength: 8 }), (image, point, factors) => {
      const before = fit(image, window)
      const after = factors.reduce((view, each) => zoomAt(view, point, each, image, window), before)
      const [a, b] = [toImage(before, point), toImage(after, point)]
      expect(b.x).toBeCloseTo(a.x, 4)
      expect(b.y).toBeCloseTo(a.y, 4)
    }),
  )
})

it('never loses the image out of the window', () => {
  const by = fc.record({ x: fc.integer({ min: -20000, max: 20000 }), y: fc.integer({ min: -20000, max: 20000 }) })
  fc.assert(
    fc.property(size, by, (image, movement) => {
      const view = pan(fit(image, window), movement, image, window)
      const start = toWindow(view, { x: 0, y: 0 })
      const end = toWindow(view, { x: image.width, y: image.height })
      expect(start.x).toBeLessThanOrEqual(860)
      expect(start.y).toBeLessThanOrEqual(560)
      expect(end.x).toBeGreaterThanOrEqual(40 - 1e-6)
      expect(end.y).toBeGreaterThanOrEqual(40 - 1e-6)
    }),
  )
})
