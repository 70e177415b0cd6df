import { type Box, CribsheetError, type RunLengths } from '../contract/index.ts'
import type { Bitmap } from './bitmap.ts'

/** Counts and their differences stay within 31 bits, as compressed counts need; far above any image that is read. */
const maximumPixels = 2 ** 30

/** Collects runs in column-major order; neighbouring runs of one value become one. */
export class RunLengthWriter {
  readonly #counts: number[] = []
  #value = 0
  #run = 0

  append(length: number, value: number): void {
    if (value !== this.#value && length > 0) {
      this.#counts.push(this.#run)
      this.#run = 0
      this.#value = value
    }
    this.#run += length
  }

  finish(width: number, height: number): RunLengths {
    this.#counts.push(this.#run)
    return { size: [height, width], counts: this.#counts }
  }
}

function invalid(message: string): CribsheetError {
  return new CribsheetError('mask-invalid', message, {
    advice: 'Write the mask again with the program that made it, or leave this annotation out.',
  })
}

/**
 * Run lengths from outside the program, checked and brought to their one canonical form: no empty run but the first.
 *
 * @param size [height, width]
 * @throws CribsheetError mask-invalid where the counts are not whole numbers from 0 or do not add up to height x width
 */
export function checkRunLengths(size: readonly [number, number], counts: readonly number[]): RunLengths {
  const [height, width] = size
  if (![height, width].every((side) => Number.isInteger(side) && side >= 0) || height * width > maximumPixels)
    throw invalid(`A mask of ${width} x ${height} pixels is not possible.`)
  const writer = new RunLengthWriter()
  let sum = 0
  for (const [index, count] of counts.entries()) {
    if (!Number.isInteger(count) || count < 0) throw invalid(`Run ${index} of the mask has the length ${count}.`)
    sum += count
    writer.append(count, index & 1)
  }
  if (sum !== height * width)
    throw invalid(`The runs of the mask add up to ${sum} pixels, but ${width} x ${height} are ${height * width}.`)
  return writer.finish(width, height)
}

/** `target[c * rows + r] = source[r * columns + c]`, in blocks that fit the processor's cache. */
function transpose(source: Uint8Array, rows: number, columns: number): Uint8Array {
  const target = new Uint8Array(source.length)
  const block = 32
  for (let firstRow = 0; firstRow < rows; firstRow += block) {
    const lastRow = Math.min(rows, firstRow + block)
    for (let firstColumn = 0; firstColumn < columns; firstColumn += block) {
      const lastColumn = Math.min(columns, firstColumn + block)
      for (let column = firstColumn; column < lastColumn; column++)
        for (let row = firstRow; row < lastRow; row++) target[column * rows + row] = source[row * columns + column]
    }
  }
  return target
}

/** Every value but 0 counts as inside. */
export function encodeRunLengths(bitmap: Bitmap): RunLengths {
  const { width, height } = bitmap
  const pixels = transpose(bitmap.data, height, width)
  const counts: number[] = []
  let inside = false
  let start = 0
  for (let position = 0; position < pixels.length; position++) {
    if ((pixels[position] !== 0) === inside) continue
    counts.push(position - start)
    start = position
    inside = !inside
  }
  counts.push(pixels.length - start)
  return { size: [height, width], counts }
}

/** The pixels of the columns from `first` to before `end`, column by column. */
export function decodeColumns(mask: RunLengths, first: number, end: number): Uint8Array {
  const height = mask.size[0]
  const origin = first * height
  const pixels = new Uint8Array((end - first) * height)
  let position = 0
  for (const [index, count] of mask.counts.entries()) {
    if ((index & 1) === 1) pixels.fill(1, Math.max(0, position - origin), Math.max(0, position + count - origin))
    position += count
  }
  return pixels
}

export function decodeRunLengths(mask: RunLengths): Bitmap {
  const [height, width] = mask.size
  return { width, height, data: transpose(decodeColumns(mask, 0, width), width, height) }
}

export function emptyMask(width: number, height: number): RunLengths {
  return { size: [height, width], counts: [width * height] }
}

/** A stretch inside the mask that lies in one column: `start` to before `end`, as column-major positions. */
export interface Segment {
  start: number
  end: number
  column: number
}

/** The runs inside the mask, cut at the ends of columns, in order. */
export function* columnSegments(mask: RunLengths): Generator<Segment> {
  const height = mask.size[0]
  let position = 0
  for (const [index, count] of mask.counts.entries()) {
    const runEnd = position + count
    while ((index & 1) === 1 && position < runEnd) {
      const column = Math.floor(position / height)
      const end = Math.min(runEnd, (column + 1) * height)
      yield { start: position, end, column }
      position = end
    }
    position = runEnd
  }
}

/** Pixels inside. */
export function area(mask: RunLengths): number {
  let sum = 0
  for (let index = 1; index < mask.counts.length; index += 2) sum += mask.counts[index]
  return sum
}

/** The smallest box around the pixels inside; all zeros for an empty mask, as in pycocotools. */
export function boundingBox(mask: RunLengths): Box {
  const height = mask.size[0]
  let left = Infinity
  let right = -1
  let top = Infinity
  let bottom = -1
  let end = 0
  for (const [index, count] of mask.counts.entries()) {
    const start = end
    end += count
    if ((index & 1) === 0 || count === 0) continue
    const lastColumn = Math.floor((end - 1) / height)
    const firstColumn = Math.floor(start / height)
    left = Math.min(left, firstColumn)
    right = lastColumn
    const crossesColumns = lastColumn > firstColumn
    top = crossesColumns ? 0 : Math.min(top, start % height)
    bottom = crossesColumns ? height - 1 : Math.max(bottom, (end - 1) % height)
  }
  if (right < 0) return { x: 0, y: 0, width: 0, height: 0 }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

export function sameMask(a: RunLengths, b: RunLengths): boolean {
  return (
    a.size[0] === b.size[0] &&
    a.size[1] === b.size[1] &&
    a.counts.length === b.counts.length &&
    a.counts.every((count, index) => count === b.counts[index])
  )
}
