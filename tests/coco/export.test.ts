import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { datasets } from '../arbitrary/datasets.ts'
import { formats } from '../../src-main/formats/index.ts'
import { compressCounts } from '../../src-main/masks/index.ts'
import { findPython, runPython } from './python.ts'

const answerSchema = z.array(
  z.object({
    images: z.number(),
    categories: z.number(),
    annotations: z.array(
      z.object({
        id: z.number(),
        pixels: z.number(),
        area: z.number(),
        computedArea: z.number(),
        bbox: z.array(z.number()),
        computedBbox: z.array(z.number()),
        counts: z.string(),
      }),
    ),
  }),
)

const found = findPython()
if ('missing' in found) console.warn(`Skipped: ${found.missing}`)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cribsheet-export-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.skipIf('missing' in found)('exported COCO files in pycocotools', () => {
  it.each(['auto', 'rle', 'polygons'] as const)('have the area and box of their masks, mode %s', async (mode) => {
    if ('missing' in found) return
    const samples = fc.sample(datasets(), { numRuns: 60, seed: 1 })
    const files = samples.map((_, index) => join(folder, `${mode}-${index}.json`))
    const lostHoles: Set<number>[] = []
    for (const [index, dataset] of samples.entries())
      lostHoles.push(new Set((await formats.coco.write(dataset, files[index], { mode })).filledHoles))
    const loaded = answerSchema.parse(runPython(found.python, 'load.py', files))
    for (const [index, dataset] of samples.entries()) {
      const { images, categories, annotations } = loaded[index]
      expect([images, categories]).toEqual([dataset.images.length, dataset.classes.length])
      expect(annotations.map(({ id }) => id)).toEqual(dataset.annotations.map(({ id }) => id))
      for (const [position, annotation] of annotations.entries()) {
        expect(annotation.area).toBe(annotation.computedArea)
        expect(annotation.area).toBe(annotation.pixels)
        expect(annotation.bbox).toEqual(annotation.computedBbox)
        const { id, mask } = dataset.annotations[position]
        if (!lostHoles[index].has(id)) expect(annotation.counts).toBe(compressCounts(mask))
      }
    }
  })
})
