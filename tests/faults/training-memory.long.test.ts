import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { enginesOf, resultOf, runCommand, startCommand, until } from '../command-line.ts'
import { paintFolder, temporaryFolder, type PaintedFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'
import { finetuneSchema, largestDifference, lossesIn, metricIn, runFolderOf } from '../training.ts'

const images = 16
const batch = 16
/** Nothing is measured on the way: that starts threads, for which V8 must find memory, or ends the process. */
const args = ['--steps', '6', '--batch', String(batch), '--prototypes', '64', '--held-out', '0']
/** What is taken away of the memory that a whole batch takes. */
const withheldKiB = 100 * 1024

/** With so much attention that the student's part of a step is by far the largest, in tensors so large that what fails is one of them. */
async function attentiveProject(): Promise<PaintedFolder> {
  const painted = await paintFolder(images)
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'), { depth: 6, heads: 8 })
  await runCommand(['open', painted.images])
  await runCommand(['weights', painted.images, weights])
  return painted
}

test('memory that does not suffice for the batch: it goes on with fewer images at a time, to the same losses', async ({
  skip,
}) => {
  if (process.platform !== 'linux') return skip('needs /proc and prlimit')
  const undisturbed = await attentiveProject()
  await resultOf(['finetune', undisturbed.images, ...args], finetuneSchema)

  const painted = await attentiveProject()
  const json = join(painted.images, '..', 'result.json')
  const training = startCommand(['finetune', painted.images, ...args, '--json', json])
  const folder = runFolderOf(painted)
  const stepsDone = () => (existsSync(join(folder, 'metrics.jsonl')) ? lossesIn(folder).size : 0)
  await training.says('Training, steps: 0')
  await until(() => stepsDone() > 0)
  const [engine] = enginesOf(training)
  const peak = await largestAddressSpace(engine, () => stepsDone() > 1)
  execFileSync('prlimit', ['--pid', String(engine), `--as=${(peak - withheldKiB) * 1024}`])
  const { code, stderr } = await training.finished
  expect([code, stderr]).toEqual([0, expect.stringMatching(/\d of 16 images at a time/)])
  const { notes } = finetuneSchema.parse(JSON.parse(readFileSync(json, 'utf8')))
  expect(notes.join()).toMatch(/memory does not suffice for the whole batch/)
  const sizes = [...metricIn(folder, 'microBatch').values()]
  expect(sizes[0]).toBe(batch)
  expect(sizes.at(-1)).toBeLessThan(batch)
  expect(largestDifference(lossesIn(folder), lossesIn(runFolderOf(undisturbed)))).toBeLessThan(1e-5)
}, 600_000)

/** Of a process, in KiB, until something happened. */
async function largestAddressSpace(pid: number, hasHappened: () => boolean): Promise<number> {
  let largest = 0
  while (!hasHappened()) {
    largest = Math.max(largest, Number(/VmSize:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
    await setTimeout(2)
  }
  return largest
}
