import { existsSync } from 'node:fs'
import { glob, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { area } from '../masks/index.ts'
import { formats, readClassList, readIndexMask } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cribsheet-masks-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A greyscale PNG of rows like '0012'. */
async function writeMask(name: string, ...rows: string[]): Promise<string> {
  const data = Uint8Array.from(rows.join(''), Number)
  return writePng(name, { width: rows[0].length, height: rows.length, data, channels: 1 })
}

async function writePng(name: string, png: Parameters<typeof encode>[0]): Promise<string> {
  await writeFile(join(folder, name), encode(png))
  return join(folder, name)
}

async function writeClasses(...lines: string[]): Promise<string> {
  await writeFile(join(folder, 'classes.txt'), lines.join('\n'))
  return join(folder, 'classes.txt')
}

const images = (...fileNames: string[]) => fileNames.map((fileName) => ({ fileName, width: 4, height: 2 }))

describe('readIndexMask', () => {
  it.each([1, 2, 4, 8] as const)('keeps the indices of a palette of %i bits', async (depth) => {
    const colours = [...Array(Math.min(2 ** depth, 4)).keys()].map((index) => [50 * index, 0, 200])
    const indices = [1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1].map((v) => v * (colours.length - 1))
    const packed: number[] = []
    // rows of nine pixels do not end on a byte
    for (const row of [indices.slice(0, 9), indices.slice(9)]) {
      const bits = row.map((index) => index.toString(2).padStart(depth, '0')).join('')
      for (let bit = 0; bit < bits.length; bit += 8) packed.push(parseInt(bits.slice(bit, bit + 8).padEnd(8, '0'), 2))
    }
    const data = Uint8Array.from(packed)
    const file = await writePng('p.png', { width: 9, height: 2, data, channels: 1, depth, palette: colours })
    expect(await readIndexMask(file)).toEqual({ width: 9, height: 2, indices: Uint8Array.from(indices) })
  })

  it('keeps the values of 16-bit greyscale', async () => {
    const data = Uint16Array.of(0, 1, 300, 65_535)
    const file = await writePng('p.png', { width: 2, height: 2, data, channels: 1, depth: 16 })
    expect(await readIndexMask(file)).toEqual({ width: 2, height: 2, indices: data })
  })

  it('keeps the values of an interlaced image', async () => {
    const pixels = Uint8Array.from({ length: 81 }, (_, i) => i)
    const raw = { width: 9, height: 9, channels: 1 } as const
    await sharp(pixels, { raw }).toColourspace('b-w').png({ progressive: true }).toFile(join(folder, 'p.png'))
    expect((await readIndexMask(join(folder, 'p.png'))).indices).toEqual(pixels)
  })

  it('names both sizes where they differ', async () => {
    const file = await writeMask('a.png', '0011', '0011')
    await expect(readIndexMask(file, { width: 2, height: 4 })).rejects.toMatchObject({
      code: 'mask-size',
      message: 'The mask has 4 x 2 pixels, its image 2 x 4.',
      file,
    })
  })

  it('refuses colours, other files, damaged files and bombs, each by its code', async () => {
    const data = new Uint8Array(12)
    const colours = await writePng('colours.png', { width: 2, height: 2, data, channels: 3 })
    await writeFile(join(folder, 'text.png'), 'not a PNG at all, but a text of some length')
    const whole = encode({
      width: 64,
      height: 64,
      data: new Uint8Array(4096).map((_, i) => (i * 7) % 251),
      channels: 1,
    })
    await writeFile(join(folder, 'cut.png'), whole.subarray(0, whole.length / 2))
    const bomb = Buffer.from(whole)
    bomb.writeUInt32BE(2 ** 30, 16)
    await writeFile(join(folder, 'bomb.png'), bomb)
    await expect(readIndexMask(colours)).rejects.toMatchObject({ code: 'image-format' })
    await expect(readIndexMask(join(folder, 'text.png'))).rejects.toMatchObject({ code: 'image-format' })
    await expect(readIndexMask(join(folder, 'cut.png'))).rejects.toMatchObject({ code: 'image-damaged' })
    await expect(readIndexMask(join(folder, 'bomb.png'))).rejects.toMatchObject({ code: 'image-too-large' })
    await expect(readIndexMask(join(folder, 'none.png'))).rejects.toMatchObject({ code: 'image-missing' })
  })
})

describe('readClassList', () => {
  it('gives 0 and 255 their meaning where the file does not', async () => {
    expect(await readClassList(await writeClasses('1 red deer', '', '2 tree\r'))).toEqual([
      { id: 0, name: 'background', role: 'background' },
      { id: 1, name: 'red deer', role: 'object' },
      { id: 2, name: 'tree', role: 'object' },
      { id: 255, name: 'ignore', role: 'ignored' },
    ])
  })

  it('lets the file decide', async () => {
    expect(await readClassList(await writeClasses('0 sky', '11 ignore', '255 car'))).toEqual([
      { id: 0, name: 'sky', role: 'object' },
      { id: 11, name: 'ignore', role: 'ignored' },
      { id: 255, name: 'car', role: 'object' },
    ])
  })

  it.each([
    ['a line without a number', ['1 a', 'b 2'], /Line 2 .*"b 2"/],
    ['a value no mask holds', ['70000 a'], /65535/],
    ['a value twice', ['1 a', '1 b'], /Line 2 .*second time/],
    ['a name twice', ['1 a', '2 a'], /Line 2 .*second time/],
    ['only background', ['0 background'], /names no class/],
  ])('refuses %s', async (_, lines, message) => {
    const file = await writeClasses(...lines)
    await expect(readClassList(file)).rejects.toMatchObject({
      code: 'format-invalid',
      file,
      message: expect.stringMatching(message) as string,
    })
  })

  it('names a file that is not there', async () => {
    await expect(readClassList(join(folder, 'none.txt'))).rejects.toMatchObject({ code: 'file-missing' })
  })
})

describe('masks', () => {
  it('are an annotation a class and image, without the background', async () => {
    await writeClasses('1 leaf', '2 beetle')
    await writeMask('a.png', '0112', '0100')
    const dataset = await formats.masks.read(folder, { images: images('a.jpg', 'b.jpg') })
    expect(dataset.warnings).toEqual([])
    expect(dataset.images).toEqual([{ id: 1, fileName: 'a.jpg', width: 4, height: 2 }])
    expect(dataset.classes.map(({ id, name, ignored }) => [id, name, ignored])).toEqual([
      [1, 'leaf', false],
      [2, 'beetle', false],
    ])
    expect(dataset.annotations.map(({ classId, mask }) => [classId, mask.counts])).toEqual([
      [1, [2, 3, 3]],
      [2, [6, 1, 1]],
    ])
  })

  it('are an annotation a component where that is asked for, but ignored pixels stay together', async () => {
    await writeClasses('1 leaf', '2 ignore')
    await writeMask('a.png', '1012', '1020')
    const components = { connectivity: 4, minimumArea: 1 } as const
    const { annotations, classes } = await formats.masks.read(folder, { images: images('a.jpg'), components })
    expect(annotations.map(({ id, classId, mask }) => [id, classId, area(mask)])).toEqual([
      [1, 1, 2],
      [2, 1, 1],
      [3, 2, 2],
    ])
    expect(classes.find(({ id }) => id === 2)?.ignored).toBe(true)
  })

  it('find their images in subfolders and go on after bad ones', async () => {
    await writeClasses('1 leaf')
    await mkdir(join(folder, 'north'))
    await mkdir(join(folder, 'south'))
    await writeMask('north/a.png', '1000', '0000')
    await writeMask('south/a.png', '1100', '0000')
    await writeMask('unknown.png', '0070', '0000')
    await writeMask('small.png', '01', '00')
    await writeMask('alone.png', '0100', '0000')
    await writeFile(join(folder, 'text.png'), 'x')
    const dataset = await formats.masks.read(folder, {
      images: images('north/a.jpg', 'south/a.jpg', 'unknown.jpg', 'small.jpg', 'text.jpg'),
    })
    expect(dataset.annotations.map(({ imageFileName, mask }) => [imageFileName, area(mask)])).toEqual([
      ['north/a.jpg', 1],
      ['south/a.jpg', 2],
    ])
    expect(dataset.warnings).toEqual([
      '1 masks belong to no image, or to more than one of that name: alone.png.',
      'small.png: The mask has 2 x 2 pixels, its image 4 x 2. Draw the mask on the upright image at its full size.',
      'text.png: The mask is not a PNG file. Save the mask as PNG: other formats change pixel values.',
      'unknown.png: The mask holds class 7, not in the class list. Add it to the class list, or correct the mask.',
    ])
  })

  it('of other images than the wanted ones are left out', async () => {
    await writeClasses('1 leaf')
    await writeMask('a.png', '1000', '0000')
    await writeMask('b.png', '1100', '0000')
    const dataset = await formats.masks.read(folder, { images: images('a.jpg', 'b.jpg'), only: new Set(['b.jpg']) })
    expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['b.jpg'])
    expect(dataset.warnings).toEqual([])
  })

  it('are looked for where there are some', async () => {
    await writeClasses('1 leaf')
    await expect(formats.masks.read(folder, { images: [] })).rejects.toMatchObject({ code: 'folder-empty' })
    const classesFile = join(folder, 'classes.txt')
    await expect(formats.masks.read(join(folder, 'none'), { images: [], classesFile })).rejects.toMatchObject({
      code: 'folder-missing',
    })
  })

  it('stop when cancelled', async () => {
    await writeClasses('1 leaf')
    await writeMask('a.png', '1000', '0000')
    const signal = AbortSignal.abort()
    await expect(formats.masks.read(folder, { images: images('a.jpg'), signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})

const photographs = '../shared/data'
describe.skipIf(!existsSync(photographs))('masks of the photographs in ../shared/data', () => {
  it.each([
    ['camvid', { id: 0, name: 'sky' }, 11],
    ['davis-car-shadow', { id: 255, name: 'car' }, 1],
    ['balloon', { id: 1, name: 'balloon' }, 1],
    ['msrc-cow', { id: 1, name: 'cow' }, 1],
  ])('of %s', async (set, first, objectClasses) => {
    const source = join(photographs, set, 'masks')
    const classesFile = join(photographs, set, 'classes.txt')
    const known = []
    for await (const name of glob('*', { cwd: join(photographs, set, 'images') })) {
      const { width, height } = await sharp(join(photographs, set, 'images', name)).metadata()
      known.push({ fileName: name, width, height })
    }
    const {
      classes,
      annotations,
      warnings,
      images: read,
    } = await formats.masks.read(source, {
      images: known,
      classesFile,
    })
    expect(warnings).toEqual([])
    expect(read).toHaveLength(known.length)
    expect(classes.filter(({ ignored }) => !ignored)).toHaveLength(objectClasses)
    expect(classes[0]).toMatchObject(first)
    expect(annotations.length).toBeGreaterThanOrEqual(read.length)
  })
})
