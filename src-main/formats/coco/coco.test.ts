import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { area, encodeRunLengths } from '../../masks/index.ts'
import { datasets } from '../../../tests/arbitrary/datasets.ts'
import type { DatasetAnnotation, WriteOptions } from '../dataset.ts'
import { formats } from '../index.ts'

const { coco } = formats

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cribsheet-coco-'))
  file = join(folder, 'coco.json')
})
afterEach(() => rm(folder, { recursive: true }))

const image = { id: 1, fileName: 'north/a.jpg', width: 4, height: 3 }
const square = [1, 1, 3, 1, 3, 3, 1, 3]
const squareCounts = [4, 2, 1, 2, 3]

async function readEntries(content: object, images = [image]) {
  await writeFile(file, JSON.stringify(content))
  return coco.read(file, { images })
}

/** Reads one annotation on image 1 of 4 x 3 pixels with categories 1 and 90. */
async function readAnnotation(annotation: object) {
  return readEntries({
    images: [{ id: 1, file_name: 'north/a.jpg', width: 4, height: 3 }],
    categories: [
      { id: 1, name: 'leaf', supercategory: 'plant' },
      { id: 90, name: 'beetle' },
    ],
    annotations: [
      { id: 17, image_id: 1, category_id: 1, ...annotation },
      { id: 18, image_id: 1, category_id: 90, segmentation: [square], iscrowd: 0 },
    ],
  })
}

describe('reading COCO', () => {
  it.each([
    ['polygons', [square]],
    ['a polygon that is not in a list', square],
    ['run lengths', { size: [3, 4], counts: squareCounts }],
    ['compressed run lengths', { size: [3, 4], counts: '42102' }],
  ])('takes %s', async (_, segmentation) => {
    const { annotations, warnings } = await readAnnotation({ segmentation })
    expect(warnings).toEqual([])
    expect(annotations[0].mask).toEqual({ size: [3, 4], counts: squareCounts })
    expect(annotations.map(({ classId, imageFileName }) => [classId, imageFileName])).toEqual([
      [1, 'north/a.jpg'],
      [90, 'north/a.jpg'],
    ])
  })

  it('takes crowds, scores and attributes', async () => {
    const { annotations } = await readAnnotation({
      segmentation: { size: [3, 4], counts: squareCounts },
      iscrowd: 1,
      attributes: { score: 0.5, occluded: true, note: 'left', tracks: [1, 2] },
    })
    expect(annotations[0]).toMatchObject({ crowd: true, score: 0.5, attributes: { occluded: true, note: 'left' } })
    expect(annotations[1]).toMatchObject({ crowd: false, score: null, attributes: {} })
  })

  it.each([
    ['a box and no mask', { segmentation: [], bbox: [1, 1, 2, 2] }, /only a box/],
    ['no mask', {}, /no mask/],
    ['a polygon of two corners', { segmentation: [[0, 0, 3, 3]] }, /fewer than three corners/],
    ['a polygon outside the image', { segmentation: [[9, 9, 12, 9, 12, 12]] }, /empty/],
    ['a corner far away', { segmentation: [[0, 0, 1e30, 0, 1, 1]] }, /corner at 1e\+30/],
    ['run lengths of another size', { segmentation: { size: [4, 3], counts: [12] } }, /3 x 4 pixels, its image 4 x 3/],
    ['run lengths that do not add up', { segmentation: { size: [3, 4], counts: [2, 3] } }, /add up to 5/],
    ['negative run lengths', { segmentation: { size: [3, 4], counts: [20, -8] } }, /-8/],
    ['huge run lengths', { segmentation: { size: [3, 4], counts: [4, 1e15] } }, /add up to/],
    ['a broken compressed mask', { segmentation: { size: [3, 4], counts: 'ooo' } }, /broken at character/],
    ['an unknown category', { category_id: 5, segmentation: [square] }, /no category 5/],
    ['an unknown image', { image_id: 5, segmentation: [square] }, /no image 5/],
    ['words for coordinates', { segmentation: [['a', 'b']] }, /segmentation/],
    ['no category', { category_id: null, segmentation: [square] }, /category_id/],
  ])('leaves out %s and goes on', async (_, annotation, reason) => {
    const { annotations, warnings } = await readAnnotation(annotation)
    expect(annotations.map(({ classId }) => classId)).toEqual([90])
    expect(warnings).toEqual([expect.stringMatching(/^Annotation 17: /)])
    expect(warnings[0]).toMatch(reason)
  })

  it('keeps the good parts of a mask', async () => {
    const { annotations, warnings } = await readAnnotation({ segmentation: [square, [0, 0, 1, 1]] })
    expect(annotations[0]).toMatchObject({ mask: { counts: squareCounts }, polygons: null })
    expect(warnings).toEqual(['Annotation 17: 1 parts with fewer than three corners were left out.'])
  })

  it('keeps annotations with one id and says so', async () => {
    const { annotations, warnings } = await readAnnotation({ id: 18, segmentation: [square] })
    expect(annotations).toHaveLength(2)
    expect(warnings).toEqual(['Annotation 18: the id is there twice; both were kept.'])
  })

  it('leaves out the annotations of an image whose size is wrong, with both sizes', async () => {
    const annotations = [{ id: 1, image_id: 3, category_id: 1, segmentation: [square] }]
    const categories = [{ id: 1, name: 'leaf' }]
    const declared = (width: number, height: number) => [{ id: 3, file_name: 'a.jpg', width, height }]
    const lying = await readEntries({ images: declared(400, 300), categories, annotations })
    expect(lying.annotations).toEqual([])
    expect(lying.warnings).toEqual([expect.stringMatching(/a\.jpg.*400 x 300.*4 x 3/)])
    const turned = await readEntries({ images: declared(3, 4), categories, annotations })
    expect(turned.warnings).toEqual([expect.stringMatching(/EXIF/)])
    const unsaid = await readEntries({ images: declared(0, 0), categories, annotations })
    expect(unsaid.annotations).toHaveLength(1)
    expect(unsaid.warnings).toEqual([])
  })

  it('finds images by the end of their path, and names the ones that are not here', async () => {
    const images = ['C:\\data\\north\\a.jpg', './south/a.jpg', 'b.jpg', 'c.jpg', 'gone.jpg'].map((file_name, id) => ({
      id,
      file_name,
    }))
    const known = ['north/a.jpg', 'south/a.jpg', 'deep/b.jpg', 'one/c.jpg', 'two/c.jpg']
    const dataset = await readEntries(
      { images },
      known.map((fileName) => ({ ...image, fileName })),
    )
    expect(dataset.images.map(({ fileName }) => fileName)).toEqual(['north/a.jpg', 'south/a.jpg', 'deep/b.jpg'])
    expect(dataset.warnings).toEqual([expect.stringMatching(/^2 images .*c\.jpg, gone\.jpg/)])
  })

  it('leaves out background and knows ignored classes', async () => {
    const categories = [
      { id: 0, name: 'Background' },
      { id: 1, name: 'ignore' },
      { id: 1, name: 'again' },
    ]
    const annotations = [0, 1].map((category_id) => ({
      id: category_id,
      image_id: 1,
      category_id,
      segmentation: [square],
    }))
    const dataset = await readEntries({ images: [{ id: 1, file_name: 'a.jpg' }], categories, annotations })
    expect(dataset.classes).toEqual([{ id: 1, name: 'ignore', supercategory: '', ignored: true }])
    expect(dataset.annotations.map(({ classId }) => classId)).toEqual([1])
    expect(dataset.warnings).toHaveLength(2)
  })

  it('names a file that is no COCO', async () => {
    await expect(coco.read(file, { images: [] })).rejects.toMatchObject({ code: 'file-missing', file })
    await writeFile(file, '{"images": [')
    await expect(coco.read(file, { images: [] })).rejects.toMatchObject({ code: 'format-invalid', file })
    await writeFile(file, '{"shapes": []}')
    await expect(coco.read(file, { images: [] })).rejects.toMatchObject({ code: 'format-invalid', file })
  })
})

function annotate(
  id: number,
  mask: DatasetAnnotation['mask'],
  rest: Partial<DatasetAnnotation> = {},
): DatasetAnnotation {
  return {
    id,
    imageFileName: image.fileName,
    classId: 1,
    mask,
    polygons: null,
    score: null,
    crowd: false,
    attributes: {},
    ...rest,
  }
}

const leaf = { id: 1, name: 'leaf', supercategory: 'plant', ignored: false }
const squareMask = { size: [3, 4] as [number, number], counts: squareCounts }
// a ring of 8 pixels around a hole
const ringMask = encodeRunLengths({ width: 4, height: 3, data: Uint8Array.of(1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0) })

async function write(annotations: DatasetAnnotation[], options?: WriteOptions) {
  const validation = await coco.write({ images: [image], classes: [leaf], annotations }, file, options)
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, unknown>[]>
  return { validation, content }
}

describe('writing COCO', () => {
  it('writes what the specification says', async () => {
    const date = new Date('2026-01-02T03:04:05Z')
    const { content, validation } = await write(
      [annotate(7, squareMask, { score: 0.75, attributes: { source: 'proposal' } })],
      { date },
    )
    expect(content).toMatchObject({
      info: { year: 2026, date_created: '2026-01-02T03:04:05.000Z' },
      licenses: [],
      images: [{ id: 1, width: 4, height: 3, file_name: 'north/a.jpg' }],
      categories: [{ id: 1, name: 'leaf', supercategory: 'plant' }],
      annotations: [
        {
          id: 7,
          image_id: 1,
          category_id: 1,
          segmentation: [square],
          area: 4,
          bbox: [1, 1, 2, 2],
          iscrowd: 0,
          attributes: { source: 'proposal', score: 0.75 },
        },
      ],
    })
    expect(validation).toMatchObject({
      images: 1,
      classes: 1,
      annotations: 1,
      polygons: 1,
      runLengths: 0,
      warnings: [],
    })
    expect(await readdir(folder)).toEqual(['coco.json'])
  })

  it('keeps holes unless polygons are asked for, and then says which are lost', async () => {
    const auto = await write([annotate(1, ringMask), annotate(2, squareMask)])
    expect(auto.content['annotations'].map(({ area }) => area)).toEqual([8, 4])
    expect(auto.validation).toMatchObject({ polygons: 1, runLengths: 1, filledHoles: [] })
    const polygons = await write([annotate(1, ringMask), annotate(2, squareMask)], { mode: 'polygons' })
    expect(polygons.content['annotations'].map(({ area }) => area)).toEqual([9, 4])
    expect(polygons.validation).toMatchObject({ polygons: 2, runLengths: 0, filledHoles: [1] })
    const rle = await write([annotate(1, ringMask), annotate(2, squareMask)], { mode: 'rle' })
    expect(rle.validation).toMatchObject({ polygons: 0, runLengths: 2 })
  })

  it('keeps drawn polygons only while they are the mask', async () => {
    const drawn = [[1.2, 1.1, 3, 1, 3, 3, 1, 3]]
    const { content } = await write([
      annotate(1, squareMask, { polygons: drawn }),
      annotate(2, ringMask, { polygons: drawn }),
      annotate(3, squareMask, { polygons: [[1, 1, 3, 3]] }),
    ])
    expect(content['annotations'].map(({ segmentation }) => segmentation)).toEqual([
      drawn,
      { size: [3, 4], counts: expect.any(String) as string },
      [square],
    ])
  })

  it('writes crowds as run lengths', async () => {
    const { content } = await write([annotate(1, squareMask, { crowd: true })], { mode: 'polygons' })
    expect(content['annotations'][0]).toMatchObject({ iscrowd: 1, segmentation: { size: [3, 4] } })
  })

  it('leaves out what COCO cannot say, and says so', async () => {
    const ignored = { id: 2, name: 'ignore', supercategory: '', ignored: true }
    const annotations = [
      annotate(1, { size: [3, 4], counts: [12] }),
      annotate(2, squareMask, { classId: 2 }),
      annotate(3, squareMask),
    ]
    const images = [image, { ...image, id: 2, fileName: 'empty.jpg' }]
    const dataset = { images, classes: [leaf, ignored], annotations }
    const validation = await coco.write(dataset, file, { imagesFolder: folder })
    expect(validation).toMatchObject({ images: 1, classes: 1, annotations: 1 })
    expect(validation.warnings).toEqual([
      expect.stringMatching(/1 annotations of ignored classes/),
      expect.stringMatching(/1 annotations .* empty/),
      'north/a.jpg: the image is no longer there.',
    ])
    expect(await coco.write(dataset, file, { imagesWithoutAnnotations: true })).toMatchObject({ images: 2 })
  })

  it.each([
    ['ids from 0', { annotations: [annotate(0, squareMask)] }, 'format-invalid'],
    ['ids twice', { annotations: [annotate(1, squareMask), annotate(1, squareMask)] }, 'format-invalid'],
    ['an unknown class', { annotations: [annotate(1, squareMask, { classId: 9 })] }, 'format-invalid'],
    ['an unknown image', { annotations: [annotate(1, squareMask, { imageFileName: 'x' })] }, 'format-invalid'],
    ['a mask of another size', { annotations: [annotate(1, { size: [2, 2], counts: [0, 4] })] }, 'mask-size'],
    ['names twice', { images: [image, { ...image, id: 2 }] }, 'format-invalid'],
    ['absolute names', { images: [{ ...image, fileName: '/a.jpg' }] }, 'format-invalid'],
    ['names with backslashes', { images: [{ ...image, fileName: 'north\\a.jpg' }] }, 'format-invalid'],
    ['names outside the folder', { images: [{ ...image, fileName: '../a.jpg' }] }, 'format-invalid'],
  ])('refuses %s and writes nothing', async (_, wrong, code) => {
    const dataset = { images: [image], classes: [leaf], annotations: [], ...wrong }
    await expect(coco.write(dataset, file, { imagesWithoutAnnotations: true })).rejects.toMatchObject({ code })
    expect(await readdir(folder)).toEqual([])
  })

  it.runIf(process.platform === 'linux')('leaves the old file alone when the disk is full', async () => {
    await write([annotate(1, squareMask)])
    const before = await readFile(file, 'utf8')
    await symlink('/dev/full', `${file}.partial`)
    await expect(write([annotate(2, squareMask)])).rejects.toMatchObject({ code: 'disk-full', file })
    expect(await readdir(folder)).toEqual(['coco.json'])
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  it('leaves nothing behind when cancelled, or in a folder that is not there', async () => {
    const dataset = { images: [image], classes: [leaf], annotations: [annotate(1, squareMask)] }
    await expect(coco.write(dataset, file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(await readdir(folder)).toEqual([])
    await expect(coco.write(dataset, join(folder, 'none', 'a.json'))).rejects.toMatchObject({ code: 'folder-missing' })
  })

  it('comes back the same from any dataset', async () => {
    await fc.assert(
      fc.asyncProperty(datasets(), fc.constantFrom('auto' as const, 'rle' as const), async (dataset, mode) => {
        await coco.write(dataset, file, { mode })
        const { images, classes, annotations, warnings } = await coco.read(file, { images: dataset.images })
        const withoutRings = (all: DatasetAnnotation[]) => all.map((annotation) => ({ ...annotation, polygons: null }))
        expect(warnings).toEqual([])
        expect({ images, classes }).toEqual({ images: dataset.images, classes: dataset.classes })
        expect(withoutRings(annotations)).toEqual(withoutRings(dataset.annotations))
      }),
    )
  })

  it('stays near the mask with a tolerance, in fewer corners', async () => {
    const size = 200
    const data = Uint8Array.from({ length: size * size }, (_, i) =>
      Math.hypot((i % size) - 100, Math.floor(i / size) - 100) < 80 ? 1 : 0,
    )
    const disc = encodeRunLengths({ width: size, height: size, data })
    const images = [{ ...image, width: size, height: size }]
    const bytes = []
    for (const tolerance of [0, 1]) {
      const written = await coco.write({ images, classes: [leaf], annotations: [annotate(1, disc)] }, file, {
        tolerance,
      })
      const { annotations } = await coco.read(file, { images })
      bytes.push(written.checked.bytes)
      expect(Math.abs(area(annotations[0].mask) - area(disc))).toBeLessThanOrEqual(tolerance * 2 * Math.PI * 80)
    }
    expect(bytes[1]).toBeLessThan(bytes[0] / 2)
  })
})
