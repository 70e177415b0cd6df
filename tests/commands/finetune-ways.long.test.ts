import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { resultOf, runCommand } from '../command-line.ts'
import { finetuneSchema, lossesIn, projectToTrain } from '../training.ts'

// Each is a whole training: `npm test` has one, these are for CRIBSHEET_LONG_TESTS=1.

test('with two labelled images or more it measures by their labels', async () => {
  const { images } = await projectToTrain(5, 3)
  const summary = await resultOf(['finetune', images, '--steps', '3'], finetuneSchema)
  expect(summary).toMatchObject({ measuredBy: 'labels', outcome: 'finished' })
  expect(summary.before).toBeGreaterThan(0)
  expect(readdirSync(summary.folder)).not.toContain('held-out')
}, 600_000)

test('--minutes: the first steps are timed, and from that the number of steps is set and said', async () => {
  const { images } = await projectToTrain(4)
  const summary = await resultOf(['finetune', images, '--minutes', '0.2'], finetuneSchema)
  const [, steps] = /0\.2 minutes are (\d+) steps/.exec(summary.notes.join()) ?? []
  expect(summary).toMatchObject({ outcome: 'finished', step: Number(steps), steps: Number(steps) })
  expect(summary.step).toBeGreaterThan(6) // those that were timed, and one more at least
  expect([...lossesIn(summary.folder).keys()]).toHaveLength(summary.steps)
}, 600_000)

test('from nothing, and again from its own checkpoint with the heads', async () => {
  const { images } = await projectToTrain(4)
  const small = ['finetune', images, '--steps', '2', '--prototypes', '64']
  const first = await resultOf([...small, '--products', 'bfloat16'], finetuneSchema)
  expect(first.notes.join()).toMatch(/fitted first/)
  const again = ['finetune', images, '--steps', '2', '--weights', first.newestFile ?? '']
  expect((await resultOf(again, finetuneSchema)).notes.join()).not.toMatch(/fitted first/)
  const other = await runCommand([...again, '--prototypes', '32'])
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('weights-wrong-shape')])
}, 600_000)

describe('folders', () => {
  const steps = ['--steps', '2']

  test('of one image: it trains, nothing tells whether it helped, and the project keeps its weights', async () => {
    const { images } = await projectToTrain(1)
    const summary = await resultOf(['finetune', images, ...steps], finetuneSchema)
    expect(summary).toMatchObject({ images: 1, heldOut: 0, measuredBy: null, before: null, kept: 'start' })
    expect(summary.notes.join()).toMatch(/keeps the weights it has/)
  }, 600_000)

  test('of three images: one is held out', async () => {
    const { images } = await projectToTrain(3)
    const summary = await resultOf(['finetune', images, ...steps], finetuneSchema)
    expect(summary).toMatchObject({ images: 2, heldOut: 1, measuredBy: 'agreement' })
  }, 600_000)

  test('of identical images: each content counts once', async () => {
    const { images, names } = await projectToTrain(1)
    for (const copy of ['b.png', 'c.png', 'd.png']) copyFileSync(join(images, names[0]), join(images, copy))
    const summary = await resultOf(['finetune', images, ...steps], finetuneSchema)
    expect(summary).toMatchObject({ images: 1, heldOut: 0 })
    expect(summary.notes.join()).toMatch(/3 images are copies/)
  }, 600_000)

  test('with images smaller than a patch: these are passed over; with nothing else it is refused', async () => {
    const { images, names } = await projectToTrain(3)
    const small = await sharp({ create: { width: 15, height: 40, channels: 3, background: '#808080' } })
      .png()
      .toBuffer()
    writeFileSync(join(images, 'small.png'), small)
    const summary = await resultOf(['finetune', images, ...steps], finetuneSchema)
    expect(summary.problems).toMatchObject([{ path: 'small.png', code: 'image-too-small' }])
    for (const name of names) rmSync(join(images, name))
    expect((await runCommand(['finetune', images, ...steps])).stderr).toMatch(/image-too-small/)
  }, 600_000)

  test('smaller than the batch: the batch is the folder, and that is said', async () => {
    const { images } = await projectToTrain(4)
    const summary = await resultOf(['finetune', images, ...steps, '--batch', '64'], finetuneSchema)
    expect(summary.notes.join()).toMatch(/batch of 64/)
  }, 600_000)
})
