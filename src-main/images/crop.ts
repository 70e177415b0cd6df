import type { RgbImage, Size } from './decode.ts'

/** A part of an image in whole pixels: the pixel at (x, y) is its first. */
export interface CropWindow extends Size {
  x: number
  y: number
}

/** @param window within the image */
export function cropRgb(image: RgbImage, { x, y, width, height }: CropWindow): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let row = 0; row < height; row++) {
    const start = 3 * ((y + row) * image.width + x)
    data.set(image.data.subarray(start, start + 3 * width), 3 * row * width)
  }
  return { width, height, data }
}
