import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fit, toWindow } from '../../canvas/view.ts'
import { focusOn } from './focus.ts'

const window = { width: 700, height: 500 }

it('shows all of the object, and no less than the whole image would be enlarged', () => {
  const side = fc.integer({ min: 4, max: 6000 })
  const part = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(side, side, part, part, part, part, (width, height, a, b, c, d) => {
      const image = { width, height }
      const x = Math.floor(a * (width - 1))
      const y = Math.floor(b * (height - 1))
      const box = { x, y, width: 1 + Math.floor(c * (width - x - 1)), height: 1 + Math.floor(d * (height - y - 1)) }
      const view = focusOn(box, image, window)
      expect(view.scale).toBeGreaterThanOrEqual(fit(image, window).scale)
      const first = toWindow(view, box)
      const last = toWindow(view, { x: box.x + box.width, y: box.y + box.height })
      expect(Math.min(first.x, first.y)).toBeGreaterThan(-1e-6)
      expect(last.x).toBeLessThan(window.width + 1e-6)
      expect(last.y).toBeLessThan(window.height + 1e-6)
    }),
  )
})

it('does not enlarge a tiny object to nothing but pixels', () => {
  expect(focusOn({ x: 500, y: 500, width: 2, height: 2 }, { width: 1000, height: 1000 }, window).scale).toBe(4)
})
