import type { Box } from '../contract/index.ts'
import { resizeRgb, type RgbImage } from '../images/index.ts'
import { decodeRunLengths, type Bitmap } from '../masks/index.ts'
import type { StoredObject } from '../project/index.ts'
import { drawText, glyphHeight, textWidth } from './pixel-font.ts'

/** An object with the image that it is in. */
export interface ShownObject {
  object: Pick<StoredObject, 'mask' | 'box'>
  image: RgbImage
}

/** One row: an object of the image, and its neighbours in others. */
export interface MatchRow {
  query: ShownObject
  neighbours: (ShownObject & { title: string; similarity: number })[]
  consistent: boolean
}

type Colour = readonly [red: number, green: number, blue: number]

const ink: Colour = [240, 240, 240]
const paper: Colour = [24, 24, 24]
const consistentColour: Colour = [80, 220, 100]
/** Of the rows, one after the other: easy to tell apart, also for the colour-blind (Okabe and Ito). */
const colours: readonly Colour[] = [
  [230, 159, 0],
  [86, 180, 233],
  [240, 228, 66],
  [0, 158, 115],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
  [255, 255, 255],
]

const imageSide = 448
const thumbnail = 112
const margin = 8
const textScale = 1
const lineHeight = glyphHeight * textScale + 4
const frameWidth = 3
const rowHeight = thumbnail + lineHeight + margin
const titleHeight = 2 * glyphHeight + 2 * margin
/** What an image shows around an object, as a share of the object's box. */
const surroundings = 0.25
/** Of a pixel outside the object that is shown. */
const dimming = 0.45

/**
 * An image with the outlines of its objects, and beside it each object with its nearest neighbours in other images; the
 * cycle-consistent ones have a green frame. As figure 4 of the CrIBo paper.
 */
export async function drawMatchPicture(image: RgbImage, title: string, rows: readonly MatchRow[]): Promise<RgbImage> {
  const scale = imageSide / Math.max(image.width, image.height)
  const size = { width: side(image.width * scale), height: side(image.height * scale) }
  const columns = 1 + Math.max(0, ...rows.map(({ neighbours }) => neighbours.length))
  const picture = new Picture(
    size.width + 2 * margin + columns * (thumbnail + margin),
    titleHeight + Math.max(size.height + margin, rows.length * rowHeight),
  )
  picture.write(title, margin, margin, 2)
  const shown = await resizeRgb(image, size, 'cubic')
  rows.forEach(({ query }, i) => outline(shown, atSize(query.object, shown), colourOf(i)))
  picture.paste(shown, margin, titleHeight)
  for (const [i, row] of rows.entries()) await drawRow(picture, row, i, size.width + 2 * margin)
  return picture
}

async function drawRow(picture: Picture, { query, neighbours, consistent }: MatchRow, row: number, left: number) {
  const top = titleHeight + row * rowHeight
  picture.paste(await cutOut(query, colourOf(row)), left, top)
  picture.frame(left, top, thumbnail, colourOf(row))
  for (const [i, neighbour] of neighbours.entries()) {
    const at = left + (i + 1) * (thumbnail + margin)
    picture.paste(await cutOut(neighbour, colourOf(row)), at, top)
    if (i === 0 && consistent) picture.frame(at, top, thumbnail, consistentColour)
    const text = `${neighbour.similarity.toFixed(2)} ${neighbour.title}`
    picture.write(text.slice(0, Math.floor(thumbnail / textWidth(' ', textScale))), at, top + thumbnail + 3, textScale)
  }
  if (consistent) picture.write('cycle-consistent', left, top + thumbnail + 3, textScale)
}

function colourOf(row: number): Colour {
  return colours[row % colours.length]
}

function side(length: number): number {
  return Math.max(1, Math.round(length))
}

/** The object and what is around it, within a square; what is not of it is darker. */
async function cutOut({ object, image }: ShownObject, colour: Colour): Promise<RgbImage> {
  const window = around(object.box, image)
  const scale = thumbnail / Math.max(window.width, window.height)
  const size = { width: side(window.width * scale), height: side(window.height * scale) }
  const cut = crop(image, window)
  const mask = cropMask(atSize(object, image), window)
  const scaled = await resizeRgb(cut, size, 'cubic')
  const scaledMask = nearest(mask, size.width, size.height)
  const data = Uint8Array.from(scaled.data, (value, i) =>
    scaledMask.data[Math.floor(i / 3)] ? value : Math.round(dimming * value),
  )
  const result = { ...scaled, data }
  outline(result, scaledMask, colour)
  return result
}

/** A square about the box, as far as the image goes: where it does not, it is moved, and narrower only where the image is. */
function around({ x, y, width, height }: Box, image: RgbImage): Box {
  const wanted = Math.round((1 + 2 * surroundings) * Math.max(width, height))
  const sides = { width: Math.min(wanted, image.width), height: Math.min(wanted, image.height) }
  const place = (centre: number, length: number, most: number) =>
    Math.round(Math.min(Math.max(0, centre - length / 2), most - length))
  return {
    x: place(x + width / 2, sides.width, image.width),
    y: place(y + height / 2, sides.height, image.height),
    width: Math.max(1, sides.width),
    height: Math.max(1, sides.height),
  }
}

function crop({ width, data }: RgbImage, { x, y, ...size }: Box): RgbImage {
  const result = new Uint8Array(3 * size.width * size.height)
  for (let row = 0; row < size.height; row++) {
    const start = 3 * ((y + row) * width + x)
    result.set(data.subarray(start, start + 3 * size.width), 3 * row * size.width)
  }
  return { ...size, data: result }
}

function cropMask({ width, data }: Bitmap, { x, y, ...size }: Box): Bitmap {
  const result = new Uint8Array(size.width * size.height)
  for (let row = 0; row < size.height; row++) {
    const start = (y + row) * width + x
    result.set(data.subarray(start, start + size.width), row * size.width)
  }
  return { ...size, data: result }
}

/** The mask of an object, which is on the token grid, in the pixels of an image. */
function atSize({ mask }: Pick<StoredObject, 'mask'>, { width, height }: RgbImage): Bitmap {
  return nearest(decodeRunLengths(mask), width, height)
}

function nearest(mask: Bitmap, width: number, height: number): Bitmap {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const row = Math.floor((y * mask.height) / height)
      data[y * width + x] = mask.data[row * mask.width + Math.floor((x * mask.width) / width)]
    }
  return { width, height, data }
}

const outlineWidth = 2

/** Colours the pixels of the mask that lie at its border, but not at that of the image. */
function outline({ width, height, data }: RgbImage, mask: Bitmap, colour: Colour): void {
  const isOutside = (x: number, y: number) => x >= 0 && x < width && y >= 0 && y < height && !mask.data[y * width + x]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!mask.data[y * width + x]) continue
      const w = outlineWidth
      if (isOutside(x - w, y) || isOutside(x + w, y) || isOutside(x, y - w) || isOutside(x, y + w))
        data.set(colour, 3 * (y * width + x))
    }
}

/** What is drawn on. */
class Picture implements RgbImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.data = new Uint8Array(3 * width * height)
    for (let i = 0; i < this.data.length; i += 3) this.data.set(paper, i)
  }

  paste({ width, height, data }: RgbImage, left: number, top: number): void {
    for (let row = 0; row < height; row++)
      this.data.set(data.subarray(3 * row * width, 3 * (row + 1) * width), 3 * ((top + row) * this.width + left))
  }

  write(text: string, left: number, top: number, scale: number): void {
    drawText(text, left, top, scale, (x, y) => this.#set(x, y, ink))
  }

  /** Inside the square. */
  frame(left: number, top: number, length: number, colour: Colour): void {
    for (let i = 0; i < length; i++)
      for (let w = 0; w < frameWidth; w++) {
        this.#set(left + i, top + w, colour)
        this.#set(left + i, top + length - 1 - w, colour)
        this.#set(left + w, top + i, colour)
        this.#set(left + length - 1 - w, top + i, colour)
      }
  }

  #set(x: number, y: number, colour: Colour): void {
    if (x >= 0 && x < this.width && y >= 0 && y < this.height) this.data.set(colour, 3 * (y * this.width + x))
  }
}
