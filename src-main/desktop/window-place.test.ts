import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isReachable } from './window-place.ts'

const screen = { x: 0, y: 0, width: 1600, height: 1000 }
const right = { x: 1600, y: 0, width: 1600, height: 1000 }
const at = (x: number, y: number) => ({ x, y, width: 1024, height: 700 })

it('is where its title bar is on a screen, and not where that was unplugged', () => {
  expect(isReachable(at(100, 100), [screen])).toBe(true)
  expect(isReachable(at(1800, 100), [screen, right])).toBe(true)
  expect(isReachable(at(1800, 100), [screen])).toBe(false)
  expect(isReachable(at(100, -30), [screen])).toBe(false)
  expect(isReachable(at(100, 990), [screen])).toBe(false)
  expect(isReachable(at(1590, 100), [screen])).toBe(false)
  expect(isReachable(at(-1000, 100), [screen])).toBe(false)
})

it('is anywhere within a screen', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 576 }), fc.integer({ min: 0, max: 300 }), (x, y) =>
      isReachable(at(x, y), [screen]),
    ),
  )
})
