import { expect, it } from 'vitest'
import { RestartLimit } from './restart-limit.ts'

it('allows three restarts a minute, and more once the first are a minute ago', () => {
  const limit = new RestartLimit()
  expect([0, 1_000, 2_000, 3_000, 59_999].map((now) => limit.mayRestart(now))).toEqual([true, true, true, false, false])
  expect([60_000, 60_001, 61_000].map((now) => limit.mayRestart(now))).toEqual([true, false, true])
})

it('begins anew when it is reset', () => {
  const limit = new RestartLimit()
  for (const now of [0, 1, 2]) limit.mayRestart(now)
  limit.reset()
  expect(limit.mayRestart(3)).toBe(true)
})
