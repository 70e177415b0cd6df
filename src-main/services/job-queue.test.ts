import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, it } from 'vitest'
import { cancelled, CribsheetError, type JobView } from '../contract/index.ts'
import { JobQueue, type JobPlan } from './job-queue.ts'

let told: JobView[]
let notices: { code: string; recovered: boolean }[]
let queue: JobQueue
beforeEach(() => {
  told = []
  notices = []
  queue = new JobQueue({
    onChange: (jobs) => (told = jobs),
    onNotice: ({ code }, recovered) => notices.push({ code, recovered }),
  })
})

const states = () => told.map(({ state }) => state)
const settled = async () => {
  for (let i = 0; i < 20; i++) await setImmediate()
}

/** Goes on until it is told to end, or cancelled. */
function openEnded(background = false) {
  const end = Promise.withResolvers<undefined>()
  let begun = 0
  const plan: JobPlan = {
    kind: 'embed',
    background,
    work: async ({ signal }) => {
      begun++
      const stopped = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => stopped.reject(cancelled()))
      await Promise.race([end.promise, stopped.promise])
      return { runId: null }
    },
  }
  return { plan, end: () => end.resolve(undefined), begun: () => begun }
}

it('runs one after the other, in order', async () => {
  const [first, second] = [openEnded(), openEnded()]
  queue.start(first.plan)
  queue.start(second.plan)
  expect(states()).toEqual(['running', 'waiting'])
  first.end()
  await settled()
  expect(states()).toEqual(['finished', 'running'])
  second.end()
  await settled()
  expect(states()).toEqual(['finished', 'finished'])
})

it('lets a background job step aside for a person’s, and go on after it', async () => {
  const [background, persons] = [openEnded(true), openEnded()]
  queue.start(background.plan)
  queue.start(persons.plan)
  await settled()
  expect(states()).toEqual(['waiting', 'running'])
  persons.end()
  await settled()
  expect([states(), background.begun()]).toEqual([['running', 'finished'], 2])
  background.end()
  await settled()
  expect(states()).toEqual(['finished', 'finished'])
})

it('takes a job up again after its engine crashed, says so, and gives up after the third time', async () => {
  const crash: JobPlan = {
    kind: 'propagate',
    background: false,
    work: () => Promise.reject(new CribsheetError('engine-crashed', 'It died.', { advice: 'Again.' })),
  }
  queue.start(crash)
  await settled()
  expect(told).toMatchObject([{ state: 'failed', restarts: 2, error: { code: 'engine-crashed', advice: 'Again.' } }])
  expect(notices).toEqual(Array.from({ length: 2 }, () => ({ code: 'engine-crashed', recovered: true })))
})

it('cancels what runs and what waits, and stops when nothing runs any more', async () => {
  const [first, second] = [openEnded(), openEnded()]
  queue.start(first.plan)
  const waiting = queue.start(second.plan)
  queue.cancel(waiting)
  expect(states()).toEqual(['running', 'cancelled'])
  await queue.stop()
  expect([told, second.begun()]).toEqual([[], 0])
})

it('tells when a job has ended, and not while it only steps aside', async () => {
  const [background, persons] = [openEnded(true), openEnded()]
  let ended = false
  void queue.ended(queue.start(background.plan)).then(() => (ended = true))
  queue.start(persons.plan)
  await settled()
  expect([states(), ended]).toEqual([['waiting', 'running'], false])
  persons.end()
  background.end()
  await settled()
  expect(ended).toBe(true)
  await queue.ended(99) // there is none
})

it('leaves a job that restarts its engine by itself as it ended', async () => {
  const work = () => Promise.reject(new CribsheetError('engine-crashed', 'It died.', { advice: 'Again.' }))
  queue.start({ kind: 'train', background: true, restartsItself: true, work })
  await settled()
  expect([told, notices]).toMatchObject([[{ state: 'failed', restarts: 0 }], []])
})
