import { expect, test } from 'vitest'
import type { RgbImage } from '../images/index.ts'
import { encodeRunLengths } from '../masks/index.ts'
import { drawOverlay } from './overlay.ts'

const size = { width: 200, height: 100 }
const grey: RgbImage = { ...size, data: new Uint8Array(3 * size.width * size.height).fill(100) }
const isInside = (x: number, y: number) => x >= 20 && x < 60 && y >= 20 && y < 60
const square = encodeRunLengths({
  ...size,
  data: Uint8Array.from({ length: size.width * size.height }, (_, i) =>
    Number(isInside(i % size.width, Math.floor(i / size.width))),
  ),
})

function pixel({ width, data }: RgbImage, x: number, y: number): number[] {
  return [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]
}

test('a mask is a tint with an outline of its colour; all else is as it was', () => {
  const overlay = drawOverlay(grey, [{ mask: square, colour: '#ff0000' }], 'title', [])
  expect(pixel(overlay, 40, 40)).toEqual([170, 55, 55]) // 0.55 * 100 + 0.45 * (255, 0, 0)
  for (const [x, y] of [
    [20, 40],
    [21, 40],
    [59, 40],
    [40, 20],
    [40, 59],
  ])
    // prettier-ignore
    expect(pixel(overlay, x, y)).toEqual([255, 0, 0])
  expect(pixel(overlay, 19, 40)).toEqual([100, 100, 100])
  expect(pixel(overlay, 60, 40)).toEqual([100, 100, 100])
})

test('a mask at the border of the image has no outline there', () => {
  const whole = { size: [size.height, size.width] as [number, number], counts: [0, size.width * size.height] }
  const overlay = drawOverlay(grey, [{ mask: whole, colour: '#ff0000' }], 'title', [])
  expect(pixel(overlay, 0, 0)).toEqual([170, 55, 55])
})

test('the legend lies below the image and breaks where it is full, whatever the names', () => {
  const legend = (names: string[]) => names.map((name) => ({ name, colour: '#00ff00' }))
  const short = drawOverlay(grey, [], 'title', legend(['cow']))
  expect(short.width).toBe(size.width)
  expect(short.data.subarray(0, grey.data.length)).toEqual(grey.data)
  expect(short.data.subarray(grey.data.length)).toContain(255)
  const long = drawOverlay(grey, [], 'title', legend(['a rather long name', 'another one', 'Käfer 第三']))
  expect(long.height).toBeGreaterThan(short.height)
  expect(long.data).toHaveLength(3 * long.width * long.height)
})
