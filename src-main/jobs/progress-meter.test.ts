import { expect, test } from 'vitest'
import type { Progress } from '../contract/index.ts'
import { ProgressMeter } from './progress-meter.ts'

function meterWithClock(total: number, done = 0) {
  const reports: Progress[] = []
  let seconds = 0
  const meter = new ProgressMeter('Counting', total, (progress) => reports.push(progress), { now: () => seconds, done })
  const advance = (bySeconds: number, count = 1, detail?: string) => {
    seconds += bySeconds
    meter.advance(count, detail)
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

test('what was done before counts for how far it is, not for the rate', () => {
  const { advance, reports } = meterWithClock(100, 60)
  advance(2)
  expect(reports.map(({ done, rate }) => [done, rate])).toEqual([
    [60, null],
    [61, 0.5],
  ])
})

test('a detail stays until there is another', () => {
  const { advance, reports } = meterWithClock(9)
  advance(1, 1, 'loss 3')
  advance(1)
  advance(1, 1, 'loss 2')
  expect(reports.map(({ detail }) => detail)).toEqual([undefined, 'loss 3', 'loss 3', 'loss 2'])
})
