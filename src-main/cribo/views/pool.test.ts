import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { CribsheetError } from '../../contract/index.ts'
import { ShuffledEpochs, ViewPool, viewsOfStrength } from './index.ts'
import type { ViewPoolOptions } from './pool.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A slope from black to a colour of the image's own. */
async function paint(name: string, width: number, height: number): Promise<string> {
  const file = join(folder, name)
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width
    return (x * (40 + 30 * (i % 3)) + name.length * 11) % 256
  })
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file)
  return file
}

const settings = { ...viewsOfStrength(1), size: 32 }

function open(files: string[], batch: number, options: Partial<ViewPoolOptions> = {}): ViewPool {
  const epochs = new ShuffledEpochs({ images: files.length, batch, seed: 4 })
  const pool = new ViewPool({ files, epochs, settings, seed: 9, threads: 2, ...options })
  onTestFinished(() => pool.close())
  return pool
}

const paintAll = () =>
  Promise.all([paint('a.png', 90, 50), paint('bb.png', 7, 9), paint('ccc.png', 1, 1), paint('dddd.png', 300, 200)])

test('batches are the same with one thread and with three, with a cache and without, in order and from the middle', async () => {
  const files = await paintAll()
  const reference = open(files, 3, { threads: 1 })
  const batches = []
  for (let step = 0; step < 5; step++) batches.push(await reference.batch(step))
  const others = [
    open(files, 3, { threads: 3, cacheBytes: 0 }),
    open(files, 3, { threads: 2, ahead: 0 }),
    open(files, 3, { cacheBytes: 5000 }),
  ]
  for (const pool of others) for (const step of [3, 4, 1]) expect(await pool.batch(step)).toEqual(batches[step])
  for (const { images, pixels, positions } of batches) {
    expect([images.length, pixels.length, positions.length]).toEqual([3, 2 * 3 * 32 * 32 * 3, 2 * 3 * 4 * 2])
  }
  expect(new Set(batches.map(({ pixels }) => pixels.join())).size).toBe(5)
})

test('a batch larger than the folder holds an image twice, with views of its own', async () => {
  const file = await paint('only.png', 80, 60)
  const { images, pixels } = await open([file], 2).batch(0)
  expect(images).toEqual([0, 0])
  const length = 32 * 32 * 3
  const views = [0, 1, 2, 3].map((i) => pixels.subarray(i * length, (i + 1) * length).join())
  expect(new Set(views).size).toBe(4)
})

test('positions are in pixels of the image as it is on disk, also where it was made smaller', async () => {
  const file = await paint('large.png', 640, 480)
  const whole = { ...viewsOfStrength(0), size: 32, flipProbability: 0, cropAspect: [4 / 3, 4 / 3] as const }
  const { positions } = await open([file], 1, { settings: whole }).batch(0)
  const expected = [159.5, 119.5, 479.5, 119.5, 159.5, 359.5, 479.5, 359.5]
  positions.forEach((value, i) => expect(Math.abs(value - expected[i % 8])).toBeLessThan(4))
})

test('an image that cannot be read is named once, and its place goes to the next one', async () => {
  const [first, second] = await paintAll()
  const broken = join(folder, 'broken.png')
  await writeFile(broken, 'no picture')
  const missing = join(folder, 'missing.png')
  const errors: CribsheetError[] = []
  const pool = open([first, broken, missing, second], 4, { onUnreadable: (error) => errors.push(error) })
  for (let step = 0; step < 4; step++) {
    const { images } = await pool.batch(step)
    expect(images.toSorted((a, b) => a - b)).toEqual([0, 3, 3, 3])
  }
  expect(errors.map(({ code, file }) => [code, file]).sort()).toEqual([
    ['image-format', broken],
    ['image-missing', missing],
  ])
})

test('where no image can be read, that is said', async () => {
  const pool = open([join(folder, 'nothing.png'), join(folder, 'nowhere.png')], 2)
  await expect(pool.batch(0)).rejects.toMatchObject({ code: 'image-missing' })
})

test('closing cancels what is under way, and later batches', async () => {
  const files = await paintAll()
  const pool = open(files, 64)
  const underWay = expect(pool.batch(0)).rejects.toMatchObject({ code: 'cancelled' })
  await pool.close()
  await underWay
  await expect(pool.batch(1)).rejects.toMatchObject({ code: 'cancelled' })
})

test('a thread that dies is reported with the image', async () => {
  const [file] = await paintAll()
  // A blur that no array can hold ends the thread.
  const pool = open([file], 1, { settings: { ...settings, blurRadius: [1e12, 1e12] } })
  await expect(pool.batch(0)).rejects.toMatchObject({ code: 'unexpected', file })
})

test('sizes that do not fit are refused', () => {
  expect(() => open(['a'], 1, { settings: { ...settings, size: 30 } })).toThrow(RangeError)
  const epochs = new ShuffledEpochs({ images: 2, batch: 1, seed: 0 })
  expect(() => new ViewPool({ files: ['a'], epochs, settings, seed: 0 })).toThrow(RangeError)
})
