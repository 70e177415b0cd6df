import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fitMap, isInside, zoomMap } from './lasso.ts'

const square = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
]

it('tells what is inside a closed line', () => {
  const coordinate = fc.double({ min: -1, max: 2, noNaN: true }).filter((value) => value !== 0 && value !== 1)
  fc.assert(
    fc.property(coordinate, coordinate, (x, y) => {
      expect(isInside(square, { x, y })).toBe(x > 0 && x < 1 && y > 0 && y < 1)
    }),
  )
  expect(isInside([], { x: 0.5, y: 0.5 })).toBe(false)
})

it('keeps in its place what is zoomed at', () => {
  const coordinate = fc.double({ min: 0, max: 800, noNaN: true })
  fc.assert(
    fc.property(coordinate, coordinate, fc.double({ min: 0.2, max: 5, noNaN: true }), (x, y, factor) => {
      const before = fitMap({ width: 800, height: 600 })
      const after = zoomMap(before, { x, y }, factor)
      const placeIn = (view: typeof before) => ({ x: (x - view.left) / view.scale, y: (y - view.top) / view.scale })
      expect(placeIn(after).x).toBeCloseTo(placeIn(before).x, 6)
      expect(placeIn(after).y).toBeCloseTo(placeIn(before).y, 6)
    }),
  )
})
