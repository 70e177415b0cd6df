import { expect, test } from 'vitest'
import type { Progress } from '../contract/index.ts'
import { ProgressMeter } from './progress-meter.ts'

function meterWithClock(total: number) {
  const reports: Progress[] = []
  let seconds = 0
  const meter = new ProgressMeter(
    'Counting',
    total,
    (progress) => reports.push(progress),
    () => seconds,
  )
  const advance = (bySeconds: number, count = 1) => {
    seconds += bySeconds
    meter.advance(count)
  }
  return { advance, reports }
}

test('says at once what begins', () => {
  const { reports } = meterWithClock(3)
  expect(reports).toEqual([{ phase: 'Counting', done: 0, total: 3, rate: null, secondsLeft: null }])
})

test('the rate is that of the recent past, not of the whole', () => {
  const { advance, reports } = meterWithClock(1000)
  for (let i = 0; i < 100; i++) advance(1) // one a second
  for (let i = 0; i < 100; i++) advance(0.2) // then five a second, for 20 s
  const last = reports[reports.length - 1]
  expect(last.rate).toBeCloseTo(5)
  expect(last.secondsLeft).toBeCloseTo(800 / 5)
})

test('does not report more than ten times a second, but always the end', () => {
  const { advance, reports } = meterWithClock(1000)
  for (let i = 0; i < 1000; i++) advance(0.001)
  expect(reports.length).toBeLessThanOrEqual(13)
  expect(reports[reports.length - 1]).toMatchObject({ done: 1000, secondsLeft: 0 })
})
