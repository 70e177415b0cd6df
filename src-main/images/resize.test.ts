import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

import { decodeResized, resizeRgb, type RgbImage, type Size } from './index.ts'

/**
 * Antialiased bicubic by its definition, in doubles: the kernel (Keys, a = -0.5) widened by the reduction, weights
 * normalised.
 */
function bicubic(image: RgbImage, size: Size): RgbImage {
  const a = -0.5
  const kernel = (t: number) => {
    const x = Math.abs(t)
    if (x < 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1
    return x < 2 ? a * (x ** 3 - 5 * x ** 2 + 8 * x - 4) : 0
  }
  const weights = (from: number, to: number) =>
    Array.from({ length: to }, (_, i) => {
      const scale = Math.max(1, from / to)
      const centre = ((i + 0.5) * from) / to
      const row = Array.from({ length: from }, (_, j) => kernel((j + 0.5 - centre) / scale))
      const sum = row.reduce((total, w) => total + w, 0)
      return row.map((w) => w / sum)
    })
  const [columns, rows] = [weights(image.width, size.width), weights(image.height, size.height)]
  const data = new Uint8ClampedArray(size.width * size.height * 3)
  const lines = Array.from({ length: image.height }, (_, y) =>
    columns.map((row) =>
      [0, 1, 2].map((c) => row.reduce((sum, w, x) => sum + w * image.data[3 * (y * image.width + x) + c], 0)),
    ),
  )
  rows.forEach((row, y) => {
    for (let x = 0; x < size.width; x++) {
      for (let c = 0; c < 3; c++) {
        data[3 * (y * size.width + x) + c] = row.reduce((sum, w, j) => sum + w * lines[j][x][c], 0)
      }
    }
  })
  return { ...size, data: new Uint8Array(data.buffer) }
}

/** Edges, stripes and slopes: what a bad kernel shows on. */
function pattern(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
    if (c === 0) return (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2 ? 230 : 20
    return c === 1 ? 128 + 100 * Math.sin(x / 3) * Math.cos(y / 4) : (255 * x) / width
  })
  return { width, height, data }
}

function differences(a: RgbImage, b: RgbImage): { mean: number; largest: number } {
  expect([a.width, a.height]).toEqual([b.width, b.height])
  const errors = Float64Array.from(a.data, (value, i) => Math.abs(value - b.data[i]))
  return {
    mean: errors.reduce((sum, e) => sum + e, 0) / errors.length,
    largest: errors.reduce((most, e) => Math.max(most, e), 0),
  }
}

describe('resizeRgb, cubic', () => {
  // libvips rounds its weights to a few bits and its lines to bytes: 8-bit rounding, a little more on hard edges.
  it.each([
    [160, 112],
    [100, 77],
    [48, 48],
    [300, 200],
  ])('is antialiased bicubic with a = -0.5, to %i x %i', async (width, height) => {
    const image = pattern(180, 130)
    const { mean, largest } = differences(
      await resizeRgb(image, { width, height }, 'cubic'),
      bicubic(image, { width, height }),
    )
    expect(mean).toBeLessThan(0.5)
    expect(largest).toBeLessThanOrEqual(5)
  })

  it('of a large JPEG decoded at a reduced scale is the same within what JPEG loses', async () => {
    const image = pattern(1200, 800)
    const folder = await mkdtemp(join(tmpdir(), 'resize-'))
    const file = join(folder, 'a.jpg')
    const { width, height } = image
    await sharp(image.data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 97, chromaSubsampling: '4:4:4' })
      .toFile(file)
    const size = { width: 144, height: 96 }
    const { mean } = differences(await decodeResized(file, size), await resizeRgb(image, size, 'cubic'))
    expect(mean).toBeLessThan(1)
    await rm(folder, { recursive: true })
  })
})

describe('resizeRgb, area', () => {
  it('is the mean of each block where the reduction is whole', async () => {
    const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => i * 10)
    const small = await resizeRgb({ width: 4, height: 2, data }, { width: 2, height: 1 }, 'area')
    expect([...small.data]).toEqual([75, 85, 95, 135, 145, 155])
  })

  it('weighs by the area covered', async () => {
    const data = Uint8Array.from([0, 0, 0, 100, 100, 100, 200, 200, 200])
    const small = await resizeRgb({ width: 3, height: 1, data }, { width: 2, height: 1 }, 'area')
    expect([...small.data]).toEqual([33, 33, 33, 167, 167, 167])
  })

  it('keeps the mean, and a plain colour', async () => {
    const side = fc.integer({ min: 1, max: 30 })
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.nat(255), async (a, b, c, d, colour) => {
        const [width, height] = [Math.min(a, c), Math.min(b, d)]
        const image = { width: Math.max(a, c), height: Math.max(b, d) }
        const size = image.width * image.height * 3
        const plain = await resizeRgb({ ...image, data: new Uint8Array(size).fill(colour) }, { width, height }, 'area')
        expect(new Set(plain.data)).toEqual(new Set([colour]))

        const varied = Uint8Array.from({ length: size }, (_, i) => (i * 37) % 256)
        const small = await resizeRgb({ ...image, data: varied }, { width, height }, 'area')
        const mean = (values: Uint8Array) => values.reduce((sum, v) => sum + v, 0) / values.length
        expect(Math.abs(mean(small.data) - mean(varied))).toBeLessThanOrEqual(0.5)
      }),
    )
  })
})
