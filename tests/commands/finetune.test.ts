import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand, runsSchema } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'
import { finetuneSchema, lossesIn, projectToTrain } from '../training.ts'

const weightsSchema = z.object({ fingerprint: z.string() })

test('trains, measures, keeps the better weights, and leaves every metric in the store and in a file', async () => {
  const { images } = await projectToTrain(6)
  const summary = await resultOf(['finetune', images, '--steps', '8'], finetuneSchema)
  expect(summary).toMatchObject({ runId: 1, outcome: 'finished', step: 8, steps: 8, images: 5, heldOut: 1 })
  expect(summary).toMatchObject({ measuredBy: 'agreement', problems: [] })
  expect([summary.before, summary.after]).toEqual([expect.any(Number), expect.any(Number)])
  expect([...lossesIn(summary.folder).keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])

  const database = new Sqlite(join(images, '.cribsheet', 'project.db'), { readonly: true })
  const metrics = database.prepare('SELECT name, count(*) AS n FROM metric WHERE value IS NOT NULL GROUP BY name').all()
  for (const name of 'loss lossImage lossObject lossCrossImage learningRate teacherEntropy tokenVariance memoryBytes'.split(
    ' ',
  ))
    expect(metrics).toContainEqual({ name, n: 8 })
  const candidates = database.prepare('SELECT step, held_out FROM candidate WHERE kept = 1').all()
  expect(candidates).toHaveLength(1)
  database.close()
  expect((await resultOf(['runs', images], runsSchema)).runs[0]).toMatchObject({ kind: 'training', state: 'finished' })

  // The kept weights are the project's; the newest can be used as a file of weights.
  const opened = await resultOf(['open', images], z.object({ weights: z.object({ file: z.string() }) }))
  expect(opened.weights.file).toBe(summary.keptFile)
  expect(summary.newestFile).not.toBeNull()
  await resultOf(['weights', images, summary.newestFile ?? ''], weightsSchema)
}, 600_000)

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

describe('weights that cannot be trained', () => {
  test('truncated, no network, of another kind, missing: refused, and nothing changes', async () => {
    const { images } = await projectToTrain(3)
    const folder = temporaryFolder()
    const whole = readFileSync(writeSmallNetwork(join(folder, 'whole.safetensors')))
    const files = {
      'truncated.safetensors': whole.subarray(0, whole.length / 2),
      'hostile.pth': Buffer.from('cos\nsystem\n(S"touch hacked"\ntR.'),
      'nothing.npz': Buffer.from('PK'),
    }
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    writeSmallNetwork(join(folder, 'incomplete.safetensors'), { leaveOut: 'blocks.1.attn.qkv.weight' })
    for (const name of [...Object.keys(files), 'incomplete.safetensors', 'nowhere.safetensors']) {
      const { code, stderr } = await runCommand(['finetune', images, '--weights', join(folder, name)])
      expect([name, code, stderr]).toEqual([
        name,
        1,
        expect.stringMatching(/weights-(damaged|not-a-model|wrong-shape|missing|refused)/),
      ])
    }
    expect((await runCommand(['runs', images])).stdout).toContain('no runs yet')
  }, 600_000)

  test('none chosen', async () => {
    const { images } = await paintFolder(2)
    await runCommand(['open', images])
    expect((await runCommand(['finetune', images])).stderr).toMatch(/weights-not-chosen/)
  })
})

test.each([
  [['--preset', 'huge'], /folder/],
  [['--steps', '0'], /whole number/],
  [['--steps', '5', '--minutes', '1'], /cannot be used/],
  [['--resume', '--steps', '5'], /cannot be used/],
  [['--pause', '--cancel'], /cannot be used/],
  [['--held-out', '1'], /0\.9/],
  [['--minutes', '-1'], /above 0/],
  [['--products', 'float16'], /bfloat16/],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await runCommand(['finetune', '.', ...args])
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})
