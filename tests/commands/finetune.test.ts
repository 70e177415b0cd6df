import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
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
