import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { enginesOf, isAlive, resultOf, runCommand, runsSchema, startCommand, until } from '../command-line.ts'
import { writeSmallNetwork } from '../small-network.ts'
import { temporaryFolder } from '../painted-folder.ts'
import {
  finetuneSchema,
  largestDifference,
  lossesIn,
  projectToTrain,
  runFolderOf,
  undisturbedLosses,
} from '../training.ts'
import { fill, smallDisk } from '../small-disk.ts'

const count = 5
const args = ['--steps', '14', '--batch', '4']

describe('killed', () => {
  test('the engine, in a step: it is started again, and comes to the losses of an undisturbed one', async () => {
    const expected = await undisturbedLosses(count, args)
    const painted = await projectToTrain(count)
    const training = startCommand(['finetune', painted.images, ...args])
    await training.says('Training, steps: 0')
    const [engine] = enginesOf(training)
    process.kill(engine, 'SIGKILL')
    expect(await training.finished).toMatchObject({ code: 0, stderr: expect.stringMatching(/started again/) as string })
    expect(largestDifference(lossesIn(runFolderOf(painted)), expected)).toBeLessThan(1e-5)
  }, 600_000)

  test('the engine alone, while the state is saved: it is started again from the state before', async () => {
    const expected = await undisturbedLosses(count, args)
    const painted = await projectToTrain(count)
    const states = join(runFolderOf(painted), 'states')
    const first = startCommand(['finetune', painted.images, ...args])
    await first.says('Training, steps: 0')
    await runCommand(['finetune', painted.images, '--pause'])
    await first.finished
    const before = readdirSync(states)
    const training = startCommand(['finetune', painted.images, '--resume'])
    await until(() => readdirSync(states).some((name) => name.endsWith('.part')))
    const [engine] = enginesOf(training)
    process.kill(engine, 'SIGKILL')
    expect(await training.finished).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/started again from the last saved state/) as string,
    })
    expect(readdirSync(states).filter((name) => name.endsWith('.part'))).toEqual([])
    expect(readdirSync(states)).toEqual(expect.arrayContaining(before))
    expect(largestDifference(lossesIn(runFolderOf(painted)), expected)).toBeLessThan(1e-5)
  }, 600_000)

  test('the whole, while the state is saved: what is half written is no state, and --resume goes on', async () => {
    const painted = await projectToTrain(count)
    const folder = runFolderOf(painted)
    const states = join(folder, 'states')
    const training = startCommand(['finetune', painted.images, ...args])
    await training.says('Training, steps: 0')
    const engines = enginesOf(training)
    const paused = runCommand(['finetune', painted.images, '--pause'])
    await until(() => existsSync(states) && readdirSync(states).length > 0)
    training.process.kill('SIGKILL')
    await until(() => !engines.some(isAlive))
    await paused
    const resumed = await resultOf(['finetune', painted.images, '--resume'], finetuneSchema)
    expect(resumed).toMatchObject({ runId: 1, outcome: 'finished', step: 14 })
    expect([...lossesIn(folder).keys()]).toHaveLength(14)
    expect(readdirSync(states).filter((name) => name.endsWith('.part'))).toEqual([])
  }, 600_000)
})

test('a damaged state is passed over for the one before, and with none the training begins anew', async () => {
  const painted = await projectToTrain(count)
  const training = startCommand(['finetune', painted.images, ...args])
  await training.says('Training, steps: 0')
  expect((await runCommand(['finetune', painted.images, '--pause'])).code).toBe(0)
  await training.finished
  const states = join(runFolderOf(painted), 'states')
  for (const name of readdirSync(states)) writeFileSync(join(states, name), 'damaged')
  const resumed = await resultOf(['finetune', painted.images, '--resume'], finetuneSchema)
  expect(resumed.notes.join()).toMatch(/damaged.*begins anew/)
  expect(resumed).toMatchObject({ outcome: 'finished', step: 14 })
}, 600_000)

test('what was asked is damaged: --resume says so and what to do, and a new training can be begun', async () => {
  const painted = await projectToTrain(count)
  const training = startCommand(['finetune', painted.images, ...args])
  await training.says('Training, steps: 0')
  await runCommand(['finetune', painted.images, '--pause'])
  await training.finished
  for (const garbage of ['{"weights": 7}', 'no JSON', '']) {
    writeFileSync(join(runFolderOf(painted), 'request.json'), garbage)
    const { code, stderr } = await runCommand(['finetune', painted.images, '--resume'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/training-state-missing[^]*request\.json/)])
    expect(stderr).toContain('without --resume')
  }
  const anew = await resultOf(['finetune', painted.images, '--steps', '2'], finetuneSchema)
  expect(anew).toMatchObject({ runId: 2, outcome: 'finished' })
}, 600_000)

test('an image that is removed and one that is changed while it trains are passed over and named', async () => {
  const painted = await projectToTrain(6)
  const { images, names } = painted
  const training = startCommand([
    'finetune',
    images,
    '--steps',
    '30',
    '--batch',
    '4',
    '--held-out',
    '0',
    '--json',
    join(images, '..', 'r.json'),
  ])
  await training.says('Training, steps: 0')
  rmSync(join(images, names[0]))
  writeFileSync(join(images, names[1]), 'no image')
  const { code, stdout } = await training.finished
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`passed over: ${names[0]}: .*image-missing`))
  expect(stdout).toMatch(new RegExp(`passed over: ${names[1]}: .*(changed|image-format)`))
}, 600_000)

test('a disk that is full when the state is saved: it is named, the weights stay, and with space --resume goes on', async ({
  skip,
}) => {
  const disk = smallDisk(800 * 1024)
  if (disk === null) return skip('needs root on Linux, to mount a small file system')
  const { images } = await projectToTrain(count)
  const data = ['--data', join(disk, 'data')]
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  await runCommand(['open', images, ...data])
  await runCommand(['weights', images, weights, ...data])
  const training = startCommand(['finetune', images, ...args, ...data])
  await training.says('Training, steps: 0')
  const ballast = fill(disk)
  expect(await training.finished).toMatchObject({ code: 1, stderr: expect.stringContaining('disk-full') as string })
  rmSync(ballast)
  expect((await resultOf(['runs', images, ...data], runsSchema)).runs[0]).toMatchObject({ state: 'failed' })
  const resumed = await resultOf(['finetune', images, '--resume', ...data], finetuneSchema)
  expect(resumed).toMatchObject({ outcome: 'finished', step: 14 })
}, 600_000)
