import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../images/index.ts'
import { encodeRunLengths } from '../masks/index.ts'
import { cropScale, cropWindow, drawCrop } from './draw-crop.ts'

const side = fc.integer({ min: 1, max: 3000 })
const boxInImage = fc.record({ width: side, height: side }).chain((image) =>
  fc
    .record({ x: fc.integer({ min: 0, max: image.width - 1 }), y: fc.integer({ min: 0, max: image.height - 1 }) })
    .chain(({ x, y }) =>
      fc.record({
        image: fc.constant(image),
        box: fc.record({
          ...{ x: fc.constant(x), y: fc.constant(y) },
          ...{
            width: fc.integer({ min: 1, max: image.width - x }),
            height: fc.integer({ min: 1, max: image.height - y }),
          },
        }),
      }),
    ),
)

it('cuts out whole pixels of the image, all of the box among them', () => {
  fc.assert(
    fc.property(boxInImage, ({ image, box }) => {
      const window = cropWindow(box, image)
      for (const value of Object.values(window)) expect(Number.isInteger(value)).toBe(true)
      expect(window.x).toBeGreaterThanOrEqual(0)
      expect(window.y).toBeGreaterThanOrEqual(0)
      expect(window.x + window.width).toBeLessThanOrEqual(image.width)
      expect(window.y + window.height).toBeLessThanOrEqual(image.height)
      expect(window.x).toBeLessThanOrEqual(box.x)
      expect(window.y).toBeLessThanOrEqual(box.y)
      expect(window.x + window.width).toBeGreaterThanOrEqual(box.x + box.width)
      expect(window.y + window.height).toBeGreaterThanOrEqual(box.y + box.height)
    }),
  )
})

it('reads a large image at a part of its size, and never smaller than the crop', () => {
  const scaleOf = (width: number) => cropScale({ x: 0, y: 0, width, height: 10 })
  expect([48, 256, 511, 512, 1023, 1024, 5000].map(scaleOf)).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.125])
})

describe('shows the mask', () => {
  const image: RgbImage = { width: 100, height: 60, data: new Uint8Array(3 * 100 * 60).fill(200) }
  const box = { x: 30, y: 20, width: 20, height: 20 }
  const bitmap = (width: number, height: number, isInside: (x: number, y: number) => boolean) =>
    encodeRunLengths({
      ...{ width, height },
      data: Uint8Array.from({ length: width * height }, (_, i) => Number(isInside(i % width, Math.floor(i / width)))),
    })
  const inBox = (x: number, y: number) => x >= 30 && x < 50 && y >= 20 && y < 40

  it.each([
    ['of the size of the image', bitmap(100, 60, inBox)],
    ['on a coarser grid', bitmap(10, 6, (x, y) => inBox(10 * x, 10 * y))],
  ])('%s: as it is inside, outlined, darker around', async (_, mask) => {
    const jpeg = await drawCrop(image, image, { box, mask, colour: '#ff0000' })
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([160, 160]) // a window of 48 x 48 pixels, enlarged
    const at = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)]
    const near = (pixel: number[], wanted: number[]) =>
      pixel.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(12))
    near(at(80, 80), [200, 200, 200])
    near(at(10, 10), [110, 110, 110])
    // The window begins at 16, 6: the box's left edge is at (30 - 16) / 48 of 160.
    near(at(Math.floor((14 / 48) * 160) - 1, 80), [255, 0, 0])
  })

  it('of a reduced copy, at the same place', async () => {
    const copy: RgbImage = { width: 50, height: 30, data: new Uint8Array(3 * 50 * 30).fill(200) }
    const jpeg = await drawCrop(copy, image, { box, mask: bitmap(100, 60, inBox), colour: '#ff0000' })
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    expect(data[3 * (80 * info.width + 80)]).toBeGreaterThan(185)
    expect(data[0]).toBeLessThan(125)
  })
})
