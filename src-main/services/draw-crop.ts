import type { Box, RunLengths } from '../contract/index.ts'
import { cropRgb, encodeRgb, resizeRgb, type CropWindow, type RgbImage, type Size } from '../images/index.ts'
import { decodeColumns } from '../masks/index.ts'

/** What is cut out of an image: a box with something around it and, where there is a mask, the mask shown. */
export interface Crop {
  /** In upright pixels. */
  box: Box
  /** On a grid over the whole image, of its size or coarser. */
  mask: RunLengths | null
  /** Of the mask's outline, #rrggbb. */
  colour: string
}

/** The longer side of the picture, in pixels. */
const largestSide = 256
const smallestSide = 160
/** What is seen around the box: a share of its longer side. */
const surroundings = 0.2
/** The least that is cut out, in pixels of the image: of a tiny object one wants to see where it lies. */
const smallestWindow = 48
const outlineWidth = 2
const brightnessOutside = 0.55
const quality = 85

/** A square around a box, moved and cut so that it lies in the image. */
export function cropWindow({ x, y, width, height }: Box, image: Size): CropWindow {
  const side = Math.ceil(Math.max(smallestWindow, Math.max(width, height) * (1 + 2 * surroundings)))
  const along = (start: number, length: number, room: number) => {
    const taken = Math.min(side, room)
    const first = Math.round(start + (length - taken) / 2)
    return { first: Math.min(room - taken, Math.max(0, first)), taken }
  }
  const across = along(x, width, image.width)
  const down = along(y, height, image.height)
  return { x: across.first, y: down.first, width: across.taken, height: down.taken }
}

/** An image may be read at this part of its size without the crop losing anything: 1, 1/2, 1/4 or 1/8. */
export function cropScale({ width, height }: CropWindow): number {
  const reduction = Math.max(width, height) / largestSide
  return 1 / 2 ** Math.min(3, Math.max(0, Math.floor(Math.log2(reduction))))
}

/**
 * @param pixels of the whole image, at its size or reduced
 * @param image its size in full
 * @returns a JPEG
 */
export async function drawCrop(pixels: RgbImage, image: Size, { box, mask, colour }: Crop): Promise<Buffer> {
  const window = cropWindow(box, image)
  const cut = cropRgb(pixels, reduced(window, image, pixels))
  const side = Math.min(largestSide, Math.max(smallestSide, cut.width, cut.height))
  const scale = side / Math.max(cut.width, cut.height)
  const size = {
    width: Math.max(1, Math.round(cut.width * scale)),
    height: Math.max(1, Math.round(cut.height * scale)),
  }
  const picture = await resizeRgb(cut, size, 'cubic')
  if (mask) showMask(picture, insideOf(mask, window, image, size), colour)
  return encodeRgb(picture, quality)
}

/** The window in a smaller copy of the image. */
function reduced(window: CropWindow, image: Size, copy: Size): CropWindow {
  const along = (first: number, length: number, room: number, whole: number) => {
    const start = Math.min(room - 1, Math.round((first * room) / whole))
    return { start, length: Math.max(1, Math.min(room - start, Math.round((length * room) / whole))) }
  }
  const across = along(window.x, window.width, copy.width, image.width)
  const down = along(window.y, window.height, copy.height, image.height)
  return { x: across.start, y: down.start, width: across.length, height: down.length }
}

/** For each pixel of the picture, row by row, whether its middle is inside the mask. */
function insideOf(mask: RunLengths, window: CropWindow, image: Size, { width, height }: Size): Uint8Array {
  const [rows, columns] = mask.size
  const columnOf = (x: number) => Math.floor(((window.x + ((x + 0.5) * window.width) / width) * columns) / image.width)
  const rowOf = (y: number) => Math.floor(((window.y + ((y + 0.5) * window.height) / height) * rows) / image.height)
  const first = columnOf(0)
  const cells = decodeColumns(mask, first, columnOf(width - 1) + 1)
  const inside = new Uint8Array(width * height)
  for (let x = 0; x < width; x++) {
    const start = (columnOf(x) - first) * rows
    for (let y = 0; y < height; y++) inside[y * width + x] = cells[start + rowOf(y)]
  }
  return inside
}

/** An outline around the mask, and the rest darker; what is inside stays as it is. */
function showMask({ width, height, data }: RgbImage, inside: Uint8Array, colour: string): void {
  const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  const isInside = (x: number, y: number) => x >= 0 && x < width && y >= 0 && y < height && inside[y * width + x] === 1
  const touches = (x: number, y: number) => {
    for (let by = 1; by <= outlineWidth; by++)
      if (isInside(x - by, y) || isInside(x + by, y) || isInside(x, y - by) || isInside(x, y + by)) return true
    return false
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isInside(x, y)) continue
      const at = 3 * (y * width + x)
      if (touches(x, y)) data.set(rgb, at)
      else for (let channel = 0; channel < 3; channel++) data[at + channel] *= brightnessOutside
    }
  }
}
