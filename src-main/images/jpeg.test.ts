import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { decodeImage } from './decode.ts'
import { encodeJpeg } from './jpeg.ts'
import { sharp } from './sharp.ts'

/** 32 x 16 pixels as stored, the left half red, the right half blue; turned by its EXIF orientation. */
async function turnedImage(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'cribsheet-jpeg-')), 'turned.jpg')
  const blue = { create: { width: 16, height: 16, channels: 3 as const, background: '#0000ff' } }
  const bytes = await sharp({ create: { width: 32, height: 16, channels: 3, background: '#ff0000' } })
    .composite([{ input: blue, left: 16, top: 0 }])
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .withMetadata({ orientation: 6 })
    .toBuffer()
  writeFileSync(file, bytes)
  return file
}

it.each([
  [null, 16, 32],
  [{ width: 8, height: 16 }, 8, 16],
])('is upright, at its size or a given one (%o)', async (size, width, height) => {
  const file = join(mkdtempSync(join(tmpdir(), 'cribsheet-jpeg-')), 'out.jpg')
  writeFileSync(file, await encodeJpeg(await turnedImage(), { size, quality: 95 }))
  const image = await decodeImage(file)
  expect([image.width, image.height]).toEqual([width, height])
  const [red, , blue] = image.data
  expect(red).toBeGreaterThan(200) // the stored left is the upright top
  expect(blue).toBeLessThan(60)
  expect(image.data.at(-1)).toBeGreaterThan(200)
})
