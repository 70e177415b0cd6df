import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

const openedSchema = z.object({ weights: z.object({ file: z.string() }) })

test('weights in the folder are found again where it was moved to; weights elsewhere stay where they are', async () => {
  const { images } = await paintFolder(1)
  const inside = join('.cribsheet', 'checkpoints', 'run-1', 'model.safetensors')
  await runCommand(['open', images])
  mkdirSync(join(images, inside, '..'), { recursive: true })
  const elsewhere = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  copyFileSync(elsewhere, join(images, inside))
  const moved = join(temporaryFolder(), 'moved')

  await runCommand(['weights', images, join(images, inside)])
  expect((await resultOf(['open', images], openedSchema)).weights.file).toBe(join(images, inside))
  renameSync(images, moved)
  expect((await resultOf(['open', moved], openedSchema)).weights.file).toBe(join(moved, inside))
  expect(await runCommand(['embed', moved])).toMatchObject({ code: 0 })

  await runCommand(['weights', moved, elsewhere])
  renameSync(moved, images)
  expect((await resultOf(['open', images], openedSchema)).weights.file).toBe(elsewhere)
})
