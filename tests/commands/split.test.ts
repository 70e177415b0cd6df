import { expect, test } from 'vitest'
import { z } from 'zod'
import { resultOf, runCommand } from '../command-line.ts'
import { paintFolder } from '../painted-folder.ts'

const counts = z.object({ train: z.number(), validation: z.number(), test: z.number() })
const splitSchema = z.object({
  images: counts,
  classes: z.array(z.object({ name: z.string(), splits: counts.extend({ none: z.number() }) })),
  files: z.object({ train: z.array(z.string()), validation: z.array(z.string()), test: z.array(z.string()) }),
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
