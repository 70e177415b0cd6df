import fc from 'fast-check'
import { expect, it } from 'vitest'
import { currentOf, moveTo, renew } from './review-queue.ts'

it('moves within its ends', () => {
  const queue = { ids: [5, 6, 7], position: 1 }
  expect([-1, 0, 2, 3, 9].map((to) => currentOf(moveTo(queue, to)))).toEqual([5, 5, 7, null, null])
})

it('goes on where it was when proposals come and go', () => {
  const queue = { ids: [1, 2, 3, 4, 5], position: 2 }
  expect(renew(queue, [9, 3, 5, 8], new Set([1]))).toEqual({ ids: [1, 3, 9, 5, 8], position: 1 })
  expect(renew(queue, [9, 5], new Set([1, 2]))).toEqual({ ids: [1, 2, 9, 5], position: 2 }) // 3 is gone
})

it('shows everything that waits exactly once, whatever happened', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 12 }))
  fc.assert(
    fc.property(ids, fc.nat(12), ids, fc.uniqueArray(fc.integer({ min: 1, max: 12 })), (before, at, now, done) => {
      const answered = new Set(done)
      const waiting = now.filter((id) => !answered.has(id))
      const queue = moveTo({ ids: before, position: 0 }, at)
      const renewed = renew(queue, waiting, answered)
      expect(new Set(renewed.ids).size).toBe(renewed.ids.length)
      for (const id of waiting) expect(renewed.ids).toContain(id)
      for (const id of renewed.ids) expect(waiting.includes(id) || answered.has(id)).toBe(true)
      const current = currentOf(queue)
      if (current !== null && (waiting.includes(current) || answered.has(current)))
        expect(currentOf(renewed)).toBe(current)
    }),
  )
})
