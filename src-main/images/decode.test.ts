import { mkdtemp, rm, writeFile, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'

import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decodeImage, decodeReduced, decodeResized, inspectImage, readImageHeader } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, bytes: Uint8Array | Sharp): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, bytes instanceof Uint8Array ? bytes : await bytes.toBuffer())
  return file
}

/** A smooth picture, different in every corner. */
const width = 60
const height = 40
const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
  return [x * 4, y * 6, 255 - x * 2 - y * 3][i % 3]
})
const picture = () => sharp(pixels, { raw: { width, height, channels: 3 } })

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)
}

/** The greys of the picture, three channels each. */
const greys = async () => {
  const grey = await picture().greyscale().raw().toBuffer()
  return Uint8Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)])
}

describe('formats', () => {
  it.each<[string, () => Sharp, number]>([
    ['a.jpg', () => picture().jpeg({ quality: 98, chromaSubsampling: '4:4:4' }), 6],
    ['progressive.jpg', () => picture().jpeg({ quality: 98, progressive: true, chromaSubsampling: '4:4:4' }), 6],
    ['a.png', () => picture().png(), 0],
    ['sixteen.png', () => picture().toColourspace('rgb16').png(), 0],
    ['a.webp', () => picture().webp({ lossless: true }), 0],
    ['a.tif', () => picture().tiff({ compression: 'lzw' }), 0],
    ['sixteen.tif', () => picture().toColourspace('rgb16').tiff({ compression: 'none' }), 0],
    ['a.gif', () => picture().gif({ dither: 0 }), 24],
    ['palette.png', () => picture().png({ palette: true, dither: 0 }), 24],
  ])('%s decodes to RGB', async (name, encode, tolerance) => {
    const image = await decodeImage(await write(name, encode()))
    expect(image).toMatchObject({ width, height })
    expect(largestDifference(image.data, pixels)).toBeLessThanOrEqual(tolerance)
  })

  it.each<[string, () => Sharp]>([
    ['grey.png', () => picture().greyscale().png()],
    ['grey16.png', () => picture().greyscale().toColourspace('grey16').png()],
    ['grey.tif', () => picture().greyscale().tiff({ compression: 'none' })],
    ['grey16.tif', () => picture().greyscale().toColourspace('grey16').tiff({ compression: 'deflate' })],
  ])('%s becomes three equal channels', async (name, encode) => {
    const image = await decodeImage(await write(name, encode()))
    expect(largestDifference(image.data, await greys())).toBeLessThanOrEqual(1)
  })

  it.each(['jpeg', 'tiff'] as const)('CMYK in %s becomes RGB of the same look', async (format) => {
    const red = sharp({ create: { width: 9, height: 9, channels: 3, background: '#c03030' } })
    const image = await decodeImage(await write(`cmyk.${format}`, red.toColourspace('cmyk').toFormat(format)))
    expect(image.data.length).toBe(9 * 9 * 3)
    const [r, g, b] = image.data.slice(120, 123)
    expect(r).toBeGreaterThan(150)
    expect(Math.max(g, b)).toBeLessThan(100)
  })

  it.each(['png', 'webp', 'tiff'] as const)('alpha in %s is laid on white', async (format) => {
    const clear = sharp({ create: { width: 2, height: 1, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } })
    const image = await decodeImage(
      await write(`alpha.${format}`, clear.toFormat(format, { lossless: true, compression: 'none' })),
    )
    expect(image.data.length).toBe(6)
    image.data.forEach((value) => expect(Math.abs(value - 127)).toBeLessThanOrEqual(1))
  })

  it('takes the first frame of an animated GIF', async () => {
    const frame = (background: string) => sharp({ create: { width: 8, height: 6, channels: 3, background } }).png()
    const frames = await Promise.all([frame('#ff0000').toBuffer(), frame('#0000ff').toBuffer()])
    const file = await write('two.gif', sharp(frames, { join: { animated: true } }).gif())
    const image = await decodeImage(file)
    expect(image).toMatchObject({ width: 8, height: 6 })
    expect([...image.data.slice(0, 3)]).toEqual([255, 0, 0])
  })

  it('reads an image of one pixel, and enlarges it', async () => {
    const one = sharp({ create: { width: 1, height: 1, channels: 3, background: '#0a141e' } })
    for (const name of ['one.png', 'one.gif', 'one.webp'] as const) {
      const file = await write(name, one.clone().toFormat(name.slice(4) as 'png', { lossless: true }))
      expect([...(await decodeImage(file)).data]).toEqual([10, 20, 30])
      const larger = await decodeResized(file, { width: 16, height: 16 })
      expect(new Set(larger.data)).toEqual(new Set([10, 20, 30]))
    }
  })
})

describe('decodeReduced', () => {
  it('makes the shorter side so long, tells the full size, and leaves small images as they are', async () => {
    const file = await write('reduced.png', picture().png())
    const { image, full } = await decodeReduced(file, 20)
    expect(full).toEqual({ width, height })
    expect(image).toEqual(await decodeResized(file, { width: 30, height: 20 }))
    for (const shorterSide of [height, 500])
      expect(await decodeReduced(file, shorterSide)).toEqual({ image: await decodeImage(file), full })
  })
})

describe('orientation', () => {
  const formatOptions = {
    png: {},
    webp: { lossless: true },
    tiff: { compression: 'none' },
    jpeg: { quality: 98, chromaSubsampling: '4:4:4' },
  }

  /** Where in the stored image (w, h) the upright pixel (x, y) lies: the table of EXIF 2.3, tag 0x0112. */
  const stored: Record<number, (x: number, y: number, w: number, h: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y, w) => [w - 1 - x, y],
    3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
    4: (x, y, _, h) => [x, h - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y, _, h) => [y, h - 1 - x],
    7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
    8: (x, y, w) => [w - 1 - y, x],
  }

  function upright(orientation: number): { width: number; height: number; data: Uint8Array } {
    const size = orientation < 5 ? { width, height } : { width: height, height: width }
    const data = new Uint8Array(width * height * 3)
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        const [sx, sy] = stored[orientation](x, y, width, height)
        const from = 3 * (sy * width + sx)
        data.set(pixels.subarray(from, from + 3), 3 * (y * size.width + x))
      }
    }
    return { ...size, data }
  }

  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it.each(['png', 'webp', 'tiff', 'jpeg'] as const)(`${orientation} in %s is applied`, async (format) => {
      const encoded = picture().withMetadata({ orientation }).toFormat(format, formatOptions[format])
      const file = await write(`orientation-${orientation}.${format}`, encoded)
      const expected = upright(orientation)
      const { width, height } = expected
      expect(await readImageHeader(file)).toEqual({ width, height, orientation, format })
      const image = await decodeImage(file)
      expect(image).toMatchObject({ width, height })
      expect(largestDifference(image.data, expected.data)).toBeLessThanOrEqual(format === 'jpeg' ? 8 : 0)
      const half = await decodeResized(file, { width: width / 2, height: height / 2 })
      expect(half).toMatchObject({ width: width / 2, height: height / 2 })
      const corner = expected.data.slice(0, 3)
      corner.forEach((value, c) => expect(Math.abs(half.data[c] - value)).toBeLessThan(10))
    })
  }
})

describe('what cannot be read is named', () => {
  it('a bomb: a small PNG of 20,000 x 20,000 pixels', async () => {
    const bytes = constantPng(20_000)
    expect(bytes.length).toBeLessThan(100_000)
    const file = await write('bomb.png', bytes)
    const expected = { code: 'image-too-large', file, message: expect.stringContaining('20000 x 20000') as string }
    await expect(decodeImage(file)).rejects.toMatchObject(expected)
    await expect(decodeResized(file, { width: 8, height: 8 })).rejects.toMatchObject(expected)
    await expect(readImageHeader(file)).rejects.toMatchObject(expected)
    await expect(inspectImage(file, bytes)).rejects.toMatchObject(expected)
    await expect(decodeImage(file, { maximumPixels: 1000 })).rejects.toMatchObject(expected)
  })

  it('a PNG whose header claims more than it holds', async () => {
    const bytes = await picture().png().toBuffer()
    const lie = (side: number) => {
      const lying = Buffer.from(bytes)
      lying.writeUInt32BE(side, 16)
      lying.writeUInt32BE(side, 20)
      lying.writeUInt32BE(crc32(lying.subarray(12, 29)), 29)
      return lying
    }
    await expect(decodeImage(await write('lie.png', lie(30_000)))).rejects.toMatchObject({ code: 'image-too-large' })
    await expect(decodeImage(await write('lie.png', lie(500)))).rejects.toMatchObject({ code: 'image-damaged' })
  })

  it('a limit of the caller', async () => {
    const file = await write('small.png', picture().png())
    await expect(decodeImage(file, { maximumPixels: 2399 })).rejects.toMatchObject({ code: 'image-too-large' })
    await expect(decodeImage(file, { maximumPixels: 2400 })).resolves.toMatchObject({ width, height })
  })

  const photo = () =>
    sharp(
      Uint8Array.from({ length: 30_000 }, (_, i) => (i * i * 31) % 253),
      { raw: { width: 100, height: 100, channels: 3 } },
    )
  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif'] as const)('a %s that was cut off', async (format) => {
    const bytes = await photo().toFormat(format).toBuffer()
    const half = bytes.subarray(0, bytes.length / 2)
    const file = await write(`cut.${format}`, half)
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'image-damaged', file })
    await expect(decodeResized(file, { width: 9, height: 9 })).rejects.toMatchObject({ code: 'image-damaged' })
    await expect(inspectImage(file, half)).rejects.toMatchObject({ code: 'image-damaged' })
  })

  it('but not data that a camera appended', async () => {
    const bytes = Buffer.concat([await photo().jpeg().toBuffer(), Buffer.from('a film of two seconds')])
    await expect(inspectImage('a.jpg', bytes)).resolves.toMatchObject({ width: 100, format: 'jpeg' })
    await expect(decodeImage(await write('film.jpg', bytes))).resolves.toMatchObject({ width: 100 })
  })

  it('samples that are no 8 or 16 bits', async () => {
    const file = await write('float.tif', picture().toColourspace('scrgb').tiff({ compression: 'none' }))
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'image-format' })
  })

  it('text, nothing at all, a folder, no file', async () => {
    const text = await write('text.jpg', Buffer.from('this is not a photograph'))
    await expect(decodeImage(text)).rejects.toMatchObject({ code: 'image-format', file: text })
    await expect(decodeImage(await write('empty.jpg', Buffer.alloc(0)))).rejects.toMatchObject({ code: 'image-format' })
    await expect(decodeImage(folder)).rejects.toMatchObject({ code: 'image-unreadable' })
    await expect(decodeImage(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'image-missing' })
  })

  it.skipIf(process.platform === 'win32')('a file without permission', async () => {
    const file = await write('secret.png', picture().png())
    await chmod(file, 0o000)
    await asNobody(() => expect(decodeImage(file)).rejects.toMatchObject({ code: 'image-unreadable', file }))
  })
})

/** A black PNG of one bit a pixel. */
function constantPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1 // bits; colour type, compression, filter and interlace are 0
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(side / 8)) * side))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

/** Root may read everything, so as root this goes on as the user nobody. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    return await act()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
