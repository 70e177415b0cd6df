import { describe, expect, test } from 'vitest'
import { resultOf, runCommand, runsSchema, startCommand } from '../command-line.ts'
import {
  finetuneSchema,
  largestDifference,
  lossesIn,
  projectToTrain,
  runFolderOf,
  statusSchema,
  undisturbedLosses,
} from '../training.ts'

describe('from another process', () => {
  const args = ['--steps', '14', '--batch', '4']

  test('it is seen, paused and gone on with, and comes to the losses of one that was not disturbed', async () => {
    const expected = await undisturbedLosses(5, args)
    const painted = await projectToTrain(5)
    const { images } = painted
    const training = startCommand(['finetune', images, ...args])
    await training.says('Training, steps: 0')
    const seen = await resultOf(['finetune', images, '--status'], statusSchema)
    expect(seen).toMatchObject({ runId: 1, state: 'running', alive: true, pid: training.process.pid })

    const second = await runCommand(['finetune', images])
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringContaining(`process ${String(training.process.pid)}`),
    ])

    const paused = await resultOf(['finetune', images, '--pause'], statusSchema)
    expect(paused).toMatchObject({ state: 'paused', alive: false })
    expect((await training.finished).code).toBe(0)
    expect((await resultOf(['runs', images], runsSchema)).runs[0]).toMatchObject({ state: 'paused' })

    const resumed = await resultOf(['finetune', images, '--resume'], finetuneSchema)
    expect(resumed).toMatchObject({ runId: 1, outcome: 'finished', step: 14 })
    expect(largestDifference(lossesIn(runFolderOf(painted)), expected)).toBeLessThan(1e-5)
  }, 600_000)

  test('it is cancelled, and then there is nothing to go on with', async () => {
    const { images } = await projectToTrain(5)
    const training = startCommand(['finetune', images, '--steps', '60'])
    await training.says('Training, steps: 0')
    expect(await resultOf(['finetune', images, '--cancel'], statusSchema)).toMatchObject({ state: 'cancelled' })
    expect((await training.finished).code).not.toBe(0)
    const resumed = await runCommand(['finetune', images, '--resume'])
    expect([resumed.code, resumed.stderr]).toEqual([1, expect.stringMatching(/cancelled.*run-missing/)])
    expect((await runCommand(['finetune', images, '--pause'])).stderr).toMatch(/run-missing/)
  }, 600_000)

  test('where none was there is nothing to see', async () => {
    const { images } = await projectToTrain(2)
    for (const wish of ['--status', '--pause', '--cancel', '--resume'])
      expect((await runCommand(['finetune', images, wish])).stderr).toMatch(/run-missing/)
  }, 600_000)
})

test('Ctrl-C pauses it', async () => {
  const { images } = await projectToTrain(5)
  const training = startCommand(['finetune', images, '--steps', '60'])
  await training.says('Training, steps: 0')
  training.process.kill('SIGINT')
  expect(await training.finished).toMatchObject({ code: 130, stderr: expect.stringContaining('--resume') as string })
  expect((await resultOf(['runs', images], runsSchema)).runs[0]).toMatchObject({ state: 'paused' })
}, 600_000)
