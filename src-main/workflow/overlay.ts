import type { RunLengths } from '../contract/index.ts'
import type { RgbImage } from '../images/index.ts'
import { decodeRunLengths, type Bitmap } from '../masks/index.ts'
import { drawText, glyphHeight, textWidth } from './pixel-font.ts'

/** A mask and how it is shown. */
export interface ShownMask {
  mask: RunLengths
  /** #rrggbb */
  colour: string
}

export interface LegendEntry {
  name: string
  /** #rrggbb */
  colour: string
}

const tint = 0.45
const outlineWidth = 2

/** The masks as tints with an outline on the image, and below it a title and what the colours mean. */
export function drawOverlay(
  image: RgbImage,
  masks: readonly ShownMask[],
  title: string,
  legend: readonly LegendEntry[],
): RgbImage {
  const lines = layOut(title, legend, image.width)
  const canvas = new Canvas(image, lines.length * lineHeight + margin)
  for (const { mask, colour } of masks) canvas.tint(decodeRunLengths(mask), parseColour(colour))
  lines.forEach((line, i) => drawLine(canvas, line, image.height + margin + i * lineHeight))
  return canvas.picture
}

type Colour = readonly [red: number, green: number, blue: number]

const ink: Colour = [240, 240, 240]
const paper: Colour = [24, 24, 24]

function parseColour(text: string): Colour {
  const value = Number.parseInt(text.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

class Canvas {
  readonly picture: RgbImage

  /** The image with room below. */
  constructor({ width, height, data }: RgbImage, room: number) {
    const pixels = new Uint8Array(3 * width * (height + room))
    pixels.set(data)
    for (let i = data.length; i < pixels.length; i += 3) pixels.set(paper, i)
    this.picture = { width, height: height + room, data: pixels }
  }

  set(x: number, y: number, colour: Colour): void {
    const { width, height, data } = this.picture
    if (x >= 0 && x < width && y >= 0 && y < height) data.set(colour, 3 * (y * width + x))
  }

  /** On the image, whose pixels are the mask's. */
  tint(mask: Bitmap, colour: Colour): void {
    const { width, height } = mask
    const { data } = this.picture
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        if (!mask.data[y * width + x]) continue
        const share = isOnOutline(mask, x, y) ? 1 : tint
        const at = 3 * (y * width + x)
        for (let c = 0; c < 3; c++) data[at + c] = Math.round((1 - share) * data[at + c] + share * colour[c])
      }
  }
}

function isOnOutline({ width, height, data }: Bitmap, x: number, y: number): boolean {
  const isOutside = (column: number, row: number) =>
    column >= 0 && column < width && row >= 0 && row < height && !data[row * width + column]
  for (let step = 1; step <= outlineWidth; step++)
    if (isOutside(x - step, y) || isOutside(x + step, y) || isOutside(x, y - step) || isOutside(x, y + step))
      return true
  return false
}

// Letters are drawn by us: a machine without fonts shows boxes in their place.
const scale = 2
const margin = 6
const swatch = glyphHeight * scale
const lineHeight = swatch + margin

interface Word {
  text: string
  /** Of the square before it. */
  colour: Colour | null
}

function wordWidth({ text, colour }: Word): number {
  return textWidth(text, scale) + (colour ? swatch + margin : 0) + 2 * margin
}

/** The title, then the legend, broken where a line is full. */
function layOut(title: string, legend: readonly LegendEntry[], width: number): Word[][] {
  const lines: Word[][] = [[{ text: title, colour: null }], []]
  for (const { name, colour } of legend) {
    const word = { text: name, colour: parseColour(colour) }
    const line = lines[lines.length - 1]
    const used = line.reduce((sum, other) => sum + wordWidth(other), margin)
    if (line.length > 0 && used + wordWidth(word) > width) lines.push([word])
    else line.push(word)
  }
  return lines
}

function drawLine(canvas: Canvas, words: readonly Word[], top: number): void {
  let left = margin
  for (const word of words) {
    let at = left
    if (word.colour) {
      for (let y = 0; y < swatch; y++) for (let x = 0; x < swatch; x++) canvas.set(at + x, top + y, word.colour)
      at += swatch + margin
    }
    drawText(word.text, at, top, scale, (x, y) => canvas.set(x, y, ink))
    left += wordWidth(word)
  }
}
