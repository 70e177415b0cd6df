import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { devicesJob } from './devices-job.ts'
import { Engine } from './engine-client.ts'
import type { Job } from './job.ts'
import { launchChildProcess } from './launch.ts'

// The real engine process throughout; what it is killed with is real too.

const engines: Engine[] = []

function newEngine(launch = launchChildProcess): Engine {
  const engine = new Engine(launch)
  engines.push(engine)
  return engine
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()))
})

function signalTo(engine: Engine, signal: NodeJS.Signals): void {
  if (engine.pid === undefined) throw new Error('no engine process')
  process.kill(engine.pid, signal)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('a job is done in another process', async () => {
  const engine = newEngine()
  expect(engine.pid).toBeUndefined()
  const device = await engine.run(devicesJob, {})
  expect(device.why).not.toBe('')
  expect(engine.pid).not.toBe(process.pid)
})

test('jobs wait for each other and run in the order asked for', async () => {
  const engine = newEngine()
  const order: number[] = []
  await Promise.all([1, 2, 3].map((n) => engine.run(devicesJob, {}).then(() => order.push(n))))
  expect(order).toEqual([1, 2, 3])
})

test.each(['SIGKILL', 'SIGABRT', 'SIGTERM'] as const)(
  '%s of the engine is an error of its job, and the next job runs in a new process',
  async (signal) => {
    const engine = newEngine()
    const job = engine.run(devicesJob, {})
    const next = engine.run(devicesJob, {})
    await new Promise((resolve) => setImmediate(resolve)) // the process is started in the next turn
    signalTo(engine, signal)
    await expect(job).rejects.toMatchObject({
      code: 'engine-crashed',
      message: expect.stringContaining(signal) as string,
    })
    await expect(next).resolves.toMatchObject({ kind: expect.stringMatching(/cpu|cuda/) as string })
  },
)

test('an engine that dies between two jobs is started again', async () => {
  const engine = newEngine()
  await engine.run(devicesJob, {})
  const { pid } = engine
  signalTo(engine, 'SIGKILL')
  if (pid !== undefined) await untilGone(pid)
  await expect(engine.run(devicesJob, {})).resolves.toBeDefined()
  expect(engine.pid).not.toBe(pid)
})

test('an engine that runs out of memory says so', async () => {
  const before = process.env.NODE_OPTIONS
  process.env.NODE_OPTIONS = '--max-old-space-size=2'
  try {
    await expect(newEngine().run(devicesJob, {})).rejects.toMatchObject({
      code: 'engine-crashed',
      advice: expect.stringContaining('memory') as string,
    })
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS
    else process.env.NODE_OPTIONS = before
  }
})

test('a job that waits can be cancelled and the others go on', async () => {
  const engine = newEngine()
  const controller = new AbortController()
  const first = engine.run(devicesJob, {})
  const second = engine.run(devicesJob, {}, { signal: controller.signal })
  const third = engine.run(devicesJob, {})
  controller.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  await expect(first).resolves.toBeDefined()
  await expect(third).resolves.toBeDefined()
})

test('a job that runs can be cancelled', async () => {
  const engine = newEngine()
  const controller = new AbortController()
  const job = engine.run(devicesJob, {}, { signal: controller.signal })
  await new Promise((resolve) => setImmediate(resolve))
  controller.abort()
  await expect(job).rejects.toMatchObject({ code: 'cancelled' })
})

test('a job that the engine does not know, and an answer that is not as agreed, are faults of the program and not silence', async () => {
  const engine = newEngine()
  const unknownJob: Job<object, never, object> = {
    name: 'no such job',
    request: z.object({}),
    result: z.never(),
    summary: z.object({}),
  }
  await expect(engine.run(unknownJob, {})).rejects.toMatchObject({
    code: 'unexpected',
    message: expect.stringContaining('no such job') as string,
  })
  const mistaken = { ...unknownJob, name: 'devices', summary: z.object({ colour: z.string() }) }
  await expect(engine.run(mistaken, {})).rejects.toMatchObject({ code: 'unexpected' })
  await expect(engine.run(devicesJob, {})).resolves.toBeDefined()
})

test('the engine ends when its host goes away', async () => {
  const launched = launchChildProcess()
  const gone = new Promise((resolve) => launched.onExit(resolve))
  launched.disconnect()
  await expect(gone).resolves.toMatchObject({ signal: null, code: 0 })
})
