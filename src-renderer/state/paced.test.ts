import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Paced } from './paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is done once for a burst, at once when called for after a pause, and once a second in a stream', async () => {
  let done = 0
  const paced = new Paced(() => {
    done++
    return Promise.resolve()
  })
  for (let i = 0; i < 5; i++) paced.call()
  await vi.advanceTimersByTimeAsync(100)
  expect(done).toBe(1)

  await vi.advanceTimersByTimeAsync(5000)
  paced.call()
  await vi.advanceTimersByTimeAsync(100)
  expect(done).toBe(2)

  for (let i = 0; i < 300; i++) {
    paced.call()
    await vi.advanceTimersByTimeAsync(10)
  }
  expect(done).toBeGreaterThanOrEqual(4)
  expect(done).toBeLessThanOrEqual(5)
})

it('is done again where it was called for while it was done', async () => {
  const waiting: (() => void)[] = []
  const paced = new Paced(() => new Promise((resolve) => waiting.push(resolve)))
  paced.call()
  await vi.advanceTimersByTimeAsync(100)
  paced.call()
  await vi.advanceTimersByTimeAsync(5000)
  expect(waiting).toHaveLength(1)
  waiting[0]()
  await vi.advanceTimersByTimeAsync(2000)
  expect(waiting).toHaveLength(2)
})
