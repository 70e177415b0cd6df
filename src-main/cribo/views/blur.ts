import type { Size } from '../../images/index.ts'

const PASSES = 3

/** One pass is the mean over a box of 2 * radius + 1 whole pixels and a fraction of one more at either end, in 24-bit fixed point. */
interface Box {
  radius: number
  /** Weight of a whole pixel. */
  whole: number
  /** Weight of the pixels at the ends. */
  end: number
}

/**
 * Pillow's GaussianBlur of RGB bytes (height, width, 3), in place, byte for byte: three extended box blurs along the rows, then three
 * along the columns (Gwosdek et al. 2011), edges continued.
 *
 * @param radius the standard deviation, in pixels.
 */
export function gaussianBlur(pixels: Uint8Array, { width, height }: Size, radius: number): void {
  const box = boxOf(radius)
  const rowLength = width * 3
  blurRows(pixels, { width, height }, box)
  let from = pixels
  let to: Uint8Array = new Uint8Array(pixels.length)
  for (let pass = 0; pass < PASSES; pass++) {
    blurColumns(from, rowLength, height, box, to)
    ;[from, to] = [to, from]
  }
  if (from !== pixels) pixels.set(from)
}

function boxOf(sigma: number): Box {
  const size = extendedBoxRadius(Math.fround(sigma))
  const radius = Math.trunc(size)
  const whole = Math.trunc(Math.fround(2 ** 24 / Math.fround(Math.fround(size * 2) + 1)))
  return { radius, whole, end: Math.floor((2 ** 24 - (radius * 2 + 1) * whole) / 2) }
}

/** Pillow's _gaussian_blur_radius: the paper's equations [7], [11] and [14], rounded to float32 where Pillow's C is. */
function extendedBoxRadius(sigma: number): number {
  const { fround } = Math
  const variance = fround(fround(sigma * sigma) / PASSES)
  const length = fround(Math.sqrt(12 * variance + 1))
  const whole = fround(Math.floor((length - 1) / 2))
  const numerator = fround(fround(2 * whole + 1) * fround(fround(whole * fround(whole + 1)) - fround(3 * variance)))
  const denominator = fround(6 * fround(variance - fround(fround(whole + 1) * fround(whole + 1))))
  return fround(whole + fround(numerator / denominator))
}

/** All passes of each row in a line with continued edges. */
function blurRows(pixels: Uint8Array, { width, height }: Size, { radius, whole, end }: Box): void {
  const margin = radius + 1
  const line = new Uint8Array((width + 2 * margin) * 3)
  const first = margin * 3
  const last = first + (width - 1) * 3
  const reach = margin * 3
  for (let y = 0; y < height; y++) {
    const row = y * width * 3
    line.set(pixels.subarray(row, row + width * 3), first)
    for (let pass = 0; pass < PASSES; pass++) {
      for (let i = 0; i < reach; i++) {
        line[i] = line[first + (i % 3)]
        line[last + 3 + i] = line[last + (i % 3)]
      }
      blurLine(line, width, radius, whole, end, pixels, row)
      if (pass < PASSES - 1) line.set(pixels.subarray(row, row + width * 3), first)
    }
  }
}

/** The sums over a box's whole pixels are carried along. */
function blurLine(
  line: Uint8Array,
  width: number,
  radius: number,
  whole: number,
  end: number,
  target: Uint8Array,
  write: number,
): void {
  const reach = (2 * radius + 2) * 3
  let red = 0
  let green = 0
  let blue = 0
  for (let i = 0; i < reach - 3; i += 3) {
    red += line[i]
    green += line[i + 1]
    blue += line[i + 2]
  }
  for (let left = 0, right = reach; left < width * 3; left += 3, right += 3) {
    red += line[right - 3] - line[left]
    green += line[right - 2] - line[left + 1]
    blue += line[right - 1] - line[left + 2]
    target[write + left] = weigh(red, line[left] + line[right], whole, end)
    target[write + left + 1] = weigh(green, line[left + 1] + line[right + 1], whole, end)
    target[write + left + 2] = weigh(blue, line[left + 2] + line[right + 2], whole, end)
  }
}

/** One pass down all columns at once. */
function blurColumns(
  source: Uint8Array,
  length: number,
  height: number,
  { radius, whole, end }: Box,
  target: Uint8Array,
): void {
  const rowAt = (y: number) => Math.min(Math.max(y, 0), height - 1) * length
  const sums = new Int32Array(length)
  for (let y = -radius - 1; y < radius; y++) {
    const row = rowAt(y)
    for (let i = 0; i < length; i++) sums[i] += source[row + i]
  }
  for (let y = 0; y < height; y++) {
    const leaving = rowAt(y - radius - 1)
    const entering = rowAt(y + radius)
    const beyond = rowAt(y + radius + 1)
    const write = y * length
    for (let i = 0; i < length; i++) {
      const before = source[leaving + i]
      const sum = sums[i] + source[entering + i] - before
      sums[i] = sum
      target[write + i] = weigh(sum, before + source[beyond + i], whole, end)
    }
  }
}

function weigh(sum: number, ends: number, whole: number, end: number): number {
  return (((Math.imul(sum, whole) + Math.imul(ends, end)) | 0) + (1 << 23)) >>> 24
}
