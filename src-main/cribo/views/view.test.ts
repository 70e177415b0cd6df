import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flipRows, patchPositions, resizeCrop } from './index.ts'
import type { CropBox } from './crop.ts'
import { makeView } from './view.ts'

const nothing = { jitter: null, greyscale: false, blurRadius: null, solarise: false }

/** Red is the column, green the row: a pixel says where it was. */
function map(width: number, height: number): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width
    const y = Math.floor(i / 3 / width)
    return [x, y, 0][i % 3]
  })
  return { width, height, data }
}

/** Of each of the 16 patches of a view of 64 pixels: the mean of its pixels less its position, x and y. */
function offsets(image: ReturnType<typeof map>, crop: CropBox, flip: boolean): number[] {
  const target = { size: 64, pixels: new Uint8Array(64 * 64 * 3), positions: new Float32Array(32) }
  makeView(image, { crop, flip, colour: nothing }, target)
  const offset = Array.from(target.positions, (position) => -position)
  for (let patch = 0; patch < 16; patch++) {
    for (let i = 0; i < 256; i++) {
      const at = ((Math.floor(patch / 4) * 16 + (i >> 4)) * 64 + (patch % 4) * 16 + (i % 16)) * 3
      offset[2 * patch] += target.pixels[at] / 256
      offset[2 * patch + 1] += target.pixels[at + 1] / 256
    }
  }
  return offset
}

test('the positions of a view are where its pixels come from, flipped or not', () => {
  const side = fc.integer({ min: 30, max: 250 }).filter((pixels) => pixels !== 140) // the test below
  fc.assert(
    fc.property(side, side, fc.boolean(), fc.nat(), (width, height, flip, seed) => {
      const crop = { top: seed % 8, left: seed % 11, height: height - 12, width: width - 12 }
      for (const offset of offsets(map(width, height), crop, flip)) expect(Math.abs(offset)).toBeLessThan(0.5)
    }),
    { numRuns: 30 },
  )
})

test('of a crop twice as large as the view every pixel comes from between two, and bytes round up', () => {
  const crop = { top: 3, left: 5, height: 128, width: 128 }
  for (const flip of [false, true]) {
    const offset = offsets(map(140, 140), crop, flip)
    const inside = [5, 6, 9, 10] // at the border the kernel is cut off
    for (const patch of inside) {
      expect(offset[2 * patch]).toBeCloseTo(0.5, 4)
      expect(offset[2 * patch + 1]).toBeCloseTo(0.5, 4)
    }
  }
})

test('flipping twice changes nothing, a crop at its own size is cut out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (width, height) => {
      const image = map(width + 3, height + 2)
      const pixels = new Uint8Array(width * height * 3)
      resizeCrop(image, { top: 2, left: 3, width, height }, { width, height }, pixels)
      const cut = Uint8Array.from({ length: pixels.length }, (_, i) => {
        const pixel = Math.floor(i / 3)
        return image.data[((2 + Math.floor(pixel / width)) * image.width + 3 + (pixel % width)) * 3 + (i % 3)]
      })
      expect(pixels).toEqual(cut)
      flipRows(pixels, { width, height })
      expect([...pixels.subarray(0, 3)]).toEqual([...cut.subarray((width - 1) * 3, width * 3)])
      flipRows(pixels, { width, height })
      expect(pixels).toEqual(cut)
    }),
  )
})

test('an image of one pixel fills a view and lies in one place', () => {
  const target = { size: 32, pixels: new Uint8Array(32 * 32 * 3), positions: new Float32Array(8) }
  const crop = { top: 0, left: 0, height: 1, width: 1 }
  const colour = { ...nothing, blurRadius: 1.5 }
  makeView({ width: 1, height: 1, data: Uint8Array.of(10, 20, 30) }, { crop, flip: true, colour }, target)
  for (let i = 0; i < target.pixels.length; i++) expect(target.pixels[i]).toBe([10, 20, 30][i % 3])
  expect([...target.positions]).toEqual(Array(8).fill(0))
  const positions = new Float32Array(8)
  patchPositions(crop, false, { width: 32, height: 32 }, positions)
  expect(positions).toEqual(target.positions)
})
