import { expect, onTestFinished, test } from 'vitest'
import { threadFile, ThreadPool } from './index.ts'
import type { TestRequest } from './thread-for-tests.ts'

function open(size: number): ThreadPool<TestRequest, Float64Array> {
  const pool = new ThreadPool<TestRequest, Float64Array>(
    () => threadFile(import.meta.url, './thread-for-tests.ts', 'none.js'),
    size,
  )
  onTestFinished(() => pool.close())
  return pool
}

test('each request gets its own reply, whichever thread is done first', async () => {
  const pool = open(3)
  const replies = await Promise.all([30, 1, 20, 0, 10].map((wait, value) => pool.run({ value, wait })))
  expect(replies.map(([doubled]) => doubled)).toEqual([0, 2, 4, 6, 8])
})

test('a request whose thread throws or ends is rejected, and the others go on', async () => {
  const pool = open(1)
  const outcomes = await Promise.allSettled([
    pool.run({ value: 1, ending: 'throw' }),
    pool.run({ value: 2 }),
    pool.run({ value: 3, ending: 'exit' }),
    pool.run({ value: 4 }),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled'])
  expect(outcomes[0]).toMatchObject({ reason: { message: 'cannot do 1' } })
  expect(outcomes[2]).toMatchObject({ reason: { message: 'The thread that did this ended.' } })
})

test('closing cancels what runs, what waits and what is asked later', async () => {
  const pool = open(1)
  const outcomes = Promise.allSettled([pool.run({ value: 1, wait: Infinity }), pool.run({ value: 2 })])
  await pool.close()
  const later = await Promise.allSettled([pool.run({ value: 3 })])
  for (const outcome of [...(await outcomes), ...later])
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } })
})

test('a thread whose file is missing rejects the request', async () => {
  const pool = new ThreadPool<number, number>(() => threadFile(import.meta.url, './nowhere.ts', 'nowhere.js'))
  await expect(pool.run(1)).rejects.toThrow('nowhere.js is missing')
})
