import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand } from '../command-line.ts'
import { paintFolder, temporaryFolder } from '../painted-folder.ts'

const counts = z.object({ train: z.number(), validation: z.number(), test: z.number() })
const splitSchema = z.object({
  images: counts,
  classes: z.array(z.object({ name: z.string(), splits: counts.extend({ none: z.number() }) })),
  files: z.object({ train: z.array(z.string()), validation: z.array(z.string()), test: z.array(z.string()) }),
})

const splits = ['train', 'validation', 'test'] as const
const entry = z.object({ id: z.number() })
const cocoSchema = z.object({
  images: z.array(entry.extend({ file_name: z.string() })),
  annotations: z.array(z.looseObject(entry.shape)),
  categories: z.array(entry.extend({ name: z.string() })),
})

test('splits the folder by shares and a seed, the same one again alike, and refuses shares that are no whole', async () => {
  const { images, masks } = await paintFolder(10)
  await resultOf(['open', images], z.unknown())
  await resultOf(['import', images, masks, '--format', 'masks'], z.unknown())
  const args = ['split', images, '--train', '.6', '--val', '.2', '--test', '.2', '--seed']
  const first = await resultOf([...args, '7'], splitSchema)
  expect(first.images).toEqual({ train: 6, validation: 2, test: 2 })
  expect(first.classes).toEqual(
    ['disc', 'square'].map((name) => ({ name, splits: { train: 6, validation: 2, test: 2, none: 0 } })),
  )
  expect(new Set(Object.values(first.files).flat()).size).toBe(10)
  const again = await runCommand([...args, '7'])
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('test: 2 images (disc 2, square 2)') as string,
  })
  expect(await resultOf([...args, '7'], splitSchema)).toEqual(first)
  expect((await resultOf([...args, '8'], splitSchema)).files).not.toEqual(first.files)

  const wrong = await runCommand(['split', images, '--train', '.9'])
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('(argument-invalid)') as string })
})

test('exports one split, or a file for each, with the same ids', async () => {
  const { images, masks } = await paintFolder(6)
  await resultOf(['open', images], z.unknown())
  await resultOf(['import', images, masks, '--format', 'masks'], z.unknown())
  const target = join(temporaryFolder(), 'annotations.json')
  const early = await runCommand(['export', images, target, '--split', 'each'])
  expect(early).toMatchObject({ code: 2, stderr: expect.stringContaining('No image is in a split') as string })

  const { files } = await resultOf(['split', images, '--train', '.5', '--val', '.17', '--test', '.33'], splitSchema)
  await resultOf(['export', images, target], z.unknown())
  await resultOf(['export', images, target, '--split', 'each'], z.unknown())
  const read = (file: string) => cocoSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const whole = read(target)
  const parts = splits.map((split) => read(target.replace('.json', `-${split}.json`)))
  expect(parts.map((part) => part.images.map(({ file_name }) => file_name).sort())).toEqual(
    splits.map((split) => files[split].toSorted()),
  )
  const byId = (entries: { id: number }[]) => entries.toSorted((a, b) => a.id - b.id)
  expect(byId(parts.flatMap((part) => part.images))).toEqual(byId(whole.images))
  expect(byId(parts.flatMap((part) => part.annotations))).toEqual(byId(whole.annotations))
  for (const part of parts) expect(part.categories).toEqual(whole.categories)

  await resultOf(['export', images, target, '--split', 'val'], z.unknown())
  expect(read(target)).toMatchObject({ images: parts[1].images, annotations: parts[1].annotations })
})
