import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../command-line.ts'
import { temporaryFolder } from '../painted-folder.ts'

const sample = resolve(import.meta.dirname, '../../resources/sample')

const summarySchema = z.object({
  labelled: z.array(z.string()).length(3),
  images: z.number(),
  proposals: z.number().positive(),
  annotations: z.number(),
  meanIou: z.number().min(0).max(1),
  perClass: z.record(z.string(), z.number()),
  weights: z.object({ file: z.null(), architecture: z.string() }),
})

test('without weights it goes all the way and says plainly that they are random; again on the same folder it goes on', async () => {
  const out = join(temporaryFolder(), 'demo')
  const environment = { ...process.env, CRIBSHEET_WEIGHTS: '' }
  const { code, stdout, stderr } = await runCommand(['demo', out], { env: environment })
  expect(stderr).not.toContain('(unexpected)')
  expect(code).toBe(0)
  expect(stdout).toContain('random')
  expect(stdout).toMatch(/IoU with the true masks: \d/)

  const images = readdirSync(join(sample, 'images'))
  const summary = summarySchema.parse(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')))
  expect(summary.images).toBe(images.length - 3)
  expect(Object.keys(summary.perClass).length).toBeGreaterThan(1)
  const coco = z
    .object({ images: z.array(z.unknown()), annotations: z.array(z.unknown()) })
    .parse(JSON.parse(readFileSync(join(out, 'coco.json'), 'utf8')))
  expect(coco.images).toHaveLength(images.length)
  expect(coco.annotations).toHaveLength(summary.annotations)

  const overlays = readdirSync(join(out, 'overlays'))
  expect(overlays).toHaveLength(images.length)
  const picture = await sharp(join(sample, 'images', images[0])).metadata()
  const overlay = await sharp(join(out, 'overlays', overlays[0])).metadata()
  expect(overlay.width).toBe(picture.width)
  expect(overlay.height).toBeGreaterThan(picture.height)

  expect((await runCommand(['demo', out], { env: environment })).code).toBe(0)
  const again = summarySchema.parse(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')))
  expect(again).toMatchObject({ labelled: summary.labelled, proposals: summary.proposals, meanIou: summary.meanIou })
}, 1_200_000)
