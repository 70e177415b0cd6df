import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { embedSchema, overviewSchema, propagateSchema, resultOf, runCommand, runsSchema } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'
import { writeSmallNetwork } from '../small-network.ts'

const importSchema = z.object({
  runId: z.number(),
  images: z.number(),
  annotations: z.number(),
  alreadyThere: z.number(),
  newClasses: z.array(z.string()),
})

const cocoSchema = z.object({
  images: z.array(z.object({ id: z.number(), file_name: z.string() })),
  categories: z.array(z.object({ id: z.number(), name: z.string() })),
  annotations: z.array(
    z.object({
      id: z.number(),
      image_id: z.number(),
      category_id: z.number(),
      area: z.number().positive(),
      attributes: z.object({ score: z.number().optional(), from: z.string().optional() }).optional(),
    }),
  ),
})

const undoneSchema = z.object({ removed: z.number(), kept: z.number(), restored: z.number() })

function readCoco(file: string): z.infer<typeof cocoSchema> {
  return cocoSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}

test('from a folder of images to a COCO file, and back by undo', async () => {
  const { images, masks, names } = await paintFolder(6)
  const folder = temporaryFolder()
  const weights = writeSmallNetwork(join(folder, 'weights.safetensors'))
  const labelled = names.slice(0, 2)

  const opened = await resultOf(['open', images], overviewSchema)
  expect(opened).toMatchObject({ images: 6, usableImages: 6, labelledImages: 0, classes: [], scan: { added: 6 } })
  expect(await resultOf(['open', images], overviewSchema)).toMatchObject({ images: 6, scan: { added: 0 } })

  await resultOf(['weights', images, weights], z.object({ architecture: z.string(), fingerprint: z.string() }))
  const importArgs = ['import', images, masks, '--format', 'masks', '--only', labelled.join(',')]
  const imported = await resultOf(importArgs, importSchema)
  expect(imported).toMatchObject({ images: 2, annotations: 4, alreadyThere: 0, newClasses: ['disc', 'square'] })
  expect(await resultOf(importArgs, importSchema)).toMatchObject({ annotations: 0, alreadyThere: 4 })

  const embedded = await resultOf(['embed', images], embedSchema)
  expect(embedded).toMatchObject({ embedded: 6, current: 0, problems: [] })
  expect(embedded.objects).toBeGreaterThan(6)
  expect(await resultOf(['embed', images], embedSchema)).toEqual({ ...embedded, embedded: 0, current: 6 })

  const first = await resultOf(['propagate', images], propagateSchema)
  expect(first).toMatchObject({ labelledImages: 2, images: 4, accepted: 0, problems: [] })
  expect(first.proposals).toBeGreaterThanOrEqual(4)
  const drafts = ({ classes }: z.infer<typeof overviewSchema>) => classes.reduce((sum, each) => sum + each.drafts, 0)
  const accepted = ({ classes }: z.infer<typeof overviewSchema>) => classes.map((each) => each.accepted)
  const afterFirst = await resultOf(['open', images], overviewSchema)
  expect(drafts(afterFirst)).toBe(first.proposals)
  expect(accepted(afterFirst)).toEqual([2, 2])

  // The second run takes the place of the first; only discs are looked for, so squares stay.
  const second = await resultOf(['propagate', images, '--classes', 'disc', '--coarse'], propagateSchema)
  const runs = await resultOf(['runs', images], runsSchema)
  expect(runs.runs.map(({ id, kind, state }) => [id, kind, state])).toEqual([
    [second.runId, 'propagation', 'finished'],
    [first.runId, 'propagation', 'finished'],
    [imported.runId + 1, 'import', 'finished'],
    [imported.runId, 'import', 'finished'],
  ])
  const undone = await resultOf(['runs', images, '--undo', String(second.runId)], undoneSchema)
  expect(undone).toMatchObject({ removed: second.proposals, kept: 0 })
  expect(undone.restored).toBeGreaterThan(0)
  expect(await resultOf(['open', images], overviewSchema)).toMatchObject({ classes: afterFirst.classes })

  const coco = join(folder, 'coco.json')
  await resultOf(['export', images, coco, '--format', 'coco'], z.object({ annotations: z.literal(4) }))
  expect(readCoco(coco).images.map(({ file_name }) => file_name)).toEqual(labelled)
  await resultOf(['export', images, coco, '--format', 'coco', '--proposals'], z.object({}))
  const { annotations, images: exported, categories } = readCoco(coco)
  expect(annotations).toHaveLength(4 + first.proposals)
  expect(new Set(annotations.map(({ image_id }) => image_id)).size).toBeGreaterThan(2)
  expect(categories.map(({ name }) => name)).toEqual(['disc', 'square'])
  const byPath = new Map(exported.map(({ id, file_name }) => [id, file_name]))
  for (const { attributes, image_id } of annotations) {
    const isLabelled = labelled.includes(byPath.get(image_id) ?? '')
    expect(attributes?.score !== undefined).toBe(!isLabelled)
    if (!isLabelled) expect(labelled).toContain(attributes?.from)
  }

  // What is exported can be imported into a new project.
  rmSync(join(images, '.cribsheet'), { recursive: true })
  await resultOf(['open', images], overviewSchema)
  const again = await resultOf(['import', images, coco, '--format', 'coco'], importSchema)
  expect(again.annotations).toBe(annotations.length)
}, 600_000)

test('proposals are accepted from a score on, and only images that are named are looked into', async () => {
  const { images, masks, names } = await paintFolder(4)
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  await runCommand(['open', images])
  await runCommand(['weights', images, weights])
  await runCommand(['import', images, masks, '--format', 'masks', '--only', names[0]])
  const one = await resultOf(['propagate', images, '--images', names[3]], propagateSchema)
  expect(one).toMatchObject({ images: 1, accepted: 0 })
  const all = await resultOf(['propagate', images, '--accept-above', '0'], propagateSchema)
  expect(all).toMatchObject({ images: 3, accepted: all.proposals })
  // All are answered now: what a run accepted is no label, and no target any more either.
  expect(await resultOf(['propagate', images], propagateSchema)).toMatchObject({ labelledImages: 1, images: 0 })
  const undone = await resultOf(['runs', images, '--undo', String(all.runId)], undoneSchema)
  expect(undone).toMatchObject({ removed: all.proposals, kept: 0 })
}, 600_000)

test('new images are embedded by the basis that is there, until the folder has outgrown it', async () => {
  const { images, names } = await paintFolder(5)
  const weights = writeSmallNetwork(join(temporaryFolder(), 'weights.safetensors'))
  const more = await paintFolder(5)
  await runCommand(['open', images])
  await runCommand(['weights', images, weights])
  const first = await resultOf(['embed', images], embedSchema)
  await copyImage(more.images, names[4], join(images, 'new-0.webp'))
  expect(await resultOf(['embed', images], embedSchema)).toMatchObject({
    embedded: 1,
    current: 5,
    basis: first.basis,
  })
  for (const [i, name] of names.entries()) await copyImage(more.images, name, join(images, 'sub', `new-${i}.webp`))
  const grown = await resultOf(['embed', images], embedSchema)
  expect(grown).toMatchObject({ embedded: 11, current: 0 })
  expect(grown.basis).not.toBe(first.basis)
}, 600_000)

/** The same picture in another file, of another content. */
async function copyImage(folder: string, name: string, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true })
  await sharp(join(folder, name)).toFile(target)
}
