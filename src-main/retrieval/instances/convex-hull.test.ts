import fc from 'fast-check'
import { expect, test } from 'vitest'
import { convexHull, hullArea } from './convex-hull.ts'

const coordinate = fc.integer({ min: 0, max: 50 })
/** The corners of pixels. */
const points = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 20 })
  .map((pixels) => pixels.flatMap(([x, y]) => [x, x + 1].flatMap((right) => [y, y + 1].map((below) => [right, below]))))

test('holds every point, turns one way only, and the hull of two hulls is that of all points', () => {
  fc.assert(
    fc.property(points, points, (first, second) => {
      const hull = convexHull(first.concat(second).flat())
      for (let i = 0; i < hull.length; i += 2) {
        const [ax, ay] = [hull[i], hull[i + 1]]
        const [bx, by] = [hull[(i + 2) % hull.length], hull[(i + 3) % hull.length]]
        for (const [x, y] of first.concat(second))
          expect((bx - ax) * (y - ay) - (by - ay) * (x - ax)).toBeGreaterThanOrEqual(0)
      }
      expect(convexHull(convexHull(first.flat()).concat(convexHull(second.flat())))).toEqual(hull)
    }),
  )
})

test('areas', () => {
  expect(hullArea(convexHull([0, 0, 4, 0, 4, 3, 0, 3, 2, 1]))).toBe(12)
  expect(hullArea(convexHull([0, 0, 5, 5, 2, 2]))).toBe(0)
})
