import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { changeColours, type ColourParameters, resizeCrop } from './index.ts'

/** Checksums of what Pillow 10.0.1 makes of this picture, of mere noise with every colour and brightness in it. */
const width = 61
const height = 47
const picture = () => Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + ((i * i) >> 5)) % 256)

test.each([
  { crop: [3, 5, 40, 50], size: [32, 48], expected: 725482645 }, // smaller, but the width only a little
  { crop: [0, 0, 47, 61], size: [16, 16], expected: 2463165884 }, // the whole picture, much smaller
  { crop: [10, 10, 9, 7], size: [32, 32], expected: 3394146751 }, // larger
  { crop: [2, 1, 32, 33], size: [32, 16], expected: 3481448023 }, // no change of height
  { crop: [46, 60, 1, 1], size: [16, 16], expected: 2541793628 }, // one pixel
])('crop $crop to $size', ({ crop: [top, left, h, w], size: [rows, columns], expected }) => {
  const pixels = new Uint8Array(rows * columns * 3)
  const box = { top, left, height: h, width: w }
  resizeCrop({ width, height, data: picture() }, box, { width: columns, height: rows }, pixels)
  expect(crc32(pixels)).toBe(expected)
})

const nothing: ColourParameters = { jitter: null, greyscale: false, blurRadius: null, solarise: false }
const step = (name: 'brightness' | 'contrast' | 'saturation' | 'hue', amount: number): ColourParameters => ({
  ...nothing,
  jitter: [{ step: name, amount }],
})

test.each<[string, ColourParameters, number]>([
  ['brightness 0.6', step('brightness', 0.6), 1697443785],
  ['brightness 1.37', step('brightness', 1.37), 802254725],
  ['contrast 0.6', step('contrast', 0.6), 913286305],
  ['contrast 1.37', step('contrast', 1.37), 4048654017],
  ['saturation 0.6', step('saturation', 0.6), 3446714344],
  ['saturation 1.37', step('saturation', 1.37), 1044712360],
  ['hue -0.1', step('hue', -0.1), 4153065679],
  ['hue 0.07', step('hue', 0.07), 4197566592],
  ['hue 0.5', step('hue', 0.5), 2449679393],
  ['greyscale', { ...nothing, greyscale: true }, 321863342],
  ['solarise', { ...nothing, solarise: true }, 3395046373],
  ['blur 0.1', { ...nothing, blurRadius: 0.1 }, 199758947],
  ['blur 1.3', { ...nothing, blurRadius: 1.3 }, 3541397048],
  ['blur 2', { ...nothing, blurRadius: 2 }, 880667637],
  ['blur 7.5', { ...nothing, blurRadius: 7.5 }, 3217935314],
])('%s', (_, colour, expected) => {
  const pixels = picture()
  changeColours(pixels, width, height, colour)
  expect(crc32(pixels)).toBe(expected)
})
