import { expect, test } from 'vitest'
import { lab } from './lab.ts'

test('Lab bytes are those of OpenCV (cv2.cvtColor with COLOR_RGB2LAB, version 5.0.0)', () => {
  const pixels = [
    [0, 0, 0, 0, 128, 128],
    [255, 255, 255, 255, 128, 128],
    [255, 0, 0, 136, 208, 195],
    [0, 255, 0, 224, 42, 211],
    [0, 0, 255, 82, 207, 20],
    [128, 128, 128, 137, 128, 128],
    [1, 2, 3, 1, 128, 127],
    [217, 163, 130, 182, 144, 153],
    [69, 78, 10, 80, 115, 164],
    [19, 4, 44, 9, 143, 106],
    [208, 166, 233, 189, 156, 100],
    [143, 239, 71, 220, 73, 197],
    [208, 171, 0, 182, 128, 202],
  ]
  for (const [r, g, b, lightness, greenRed, blueYellow] of pixels) {
    const packed = lab(r, g, b)
    expect([packed >> 16, (packed >> 8) & 255, packed & 255]).toEqual([lightness, greenRed, blueYellow])
  }
})
