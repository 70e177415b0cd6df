import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand } from '../command-line.ts'
import { temporaryFolder } from '../painted-folder.ts'
import { projectBefore } from '../project-before.ts'

const matchesSchema = z.object({
  pictures: z.array(z.string()),
  objects: z.number(),
  consistent: z.number(),
  problems: z.array(z.unknown()),
})

test('a picture of each image with its objects and their neighbours', async () => {
  const { images, names } = await projectBefore('import', 4)
  const out = join(temporaryFolder(), 'new', 'pictures')
  const all = await resultOf(['matches', images, out], matchesSchema)
  expect(all.objects).toBeGreaterThan(4)
  expect(all.consistent).toBeGreaterThan(0)
  expect(readdirSync(out).sort()).toEqual(names.map((name) => `${name}.png`))
  const [one] = (await resultOf(['matches', images, out, '--images', names[1], '--objects', '2'], matchesSchema))
    .pictures
  expect(decode(readFileSync(one))).toMatchObject({ channels: 3, depth: 8 })
}, 600_000)

test('a folder of one image has no neighbours to show, and says so by zero', async () => {
  const { images } = await projectBefore('import', 1)
  expect(await resultOf(['matches', images, join(temporaryFolder(), 'out')], matchesSchema)).toMatchObject({
    consistent: 0,
    problems: [],
  })
}, 600_000)

test('an image that is not there, and a folder that cannot be made', async () => {
  const { images, names } = await projectBefore('import', 2)
  expect((await runCommand(['matches', images, temporaryFolder(), '--images', 'x.png'])).stderr).toMatch(
    /image-missing/,
  )
  const failed = await runCommand(['matches', images, join(images, names[0], 'out')])
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('folder-unwritable')])
}, 600_000)
