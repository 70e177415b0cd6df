import type { RgbImage, Size } from '../../images/index.ts'
import type { CropBox } from './crop.ts'
import { bicubicKernel, type Kernel } from './kernel.ts'

/** Bits behind the point of Pillow's whole-number weights: 32 less 8 of a sample and 2 of overshoot. */
const PRECISION = 22
const HALF = 1 << (PRECISION - 1)

/**
 * The crop of an image at another size, byte for byte as Pillow's crop and resize (bicubic) give it: along the rows, then along the
 * columns, each pass in whole numbers, rounded and clipped to bytes; a pass that changes no size is left out.
 *
 * @param target receives RGB bytes (height, width, 3).
 */
export function resizeCrop(image: RgbImage, crop: CropBox, { width, height }: Size, target: Uint8Array): void {
  const narrow = width === crop.width && crop.height === height ? target : new Uint8Array(crop.height * width * 3)
  const start = (crop.top * image.width + crop.left) * 3
  resampleRows(image.data, start, image.width * 3, crop, width, narrow)
  if (narrow !== target) resampleColumns(narrow, crop.height, width * 3, height, target)
}

/** Rows of the crop, `stride` bytes apart, become rows of `width` pixels. */
function resampleRows(
  source: Uint8Array,
  start: number,
  stride: number,
  crop: CropBox,
  width: number,
  target: Uint8Array,
): void {
  if (crop.width === width) {
    for (let y = 0; y < crop.height; y++) {
      const row = start + y * stride
      target.set(source.subarray(row, row + width * 3), y * width * 3)
    }
    return
  }
  const kernel = bicubicKernel(crop.width, width)
  const { taps, first, count } = kernel
  const weights = wholeWeights(kernel)
  let write = 0
  for (let y = 0; y < crop.height; y++) {
    const row = start + y * stride
    for (let x = 0; x < width; x++) {
      let read = row + 3 * first[x]
      let red = HALF
      let green = HALF
      let blue = HALF
      const end = x * taps + count[x]
      for (let k = x * taps; k < end; k++, read += 3) {
        const weight = weights[k]
        red = (red + Math.imul(source[read], weight)) | 0
        green = (green + Math.imul(source[read + 1], weight)) | 0
        blue = (blue + Math.imul(source[read + 2], weight)) | 0
      }
      target[write] = toByte(red)
      target[write + 1] = toByte(green)
      target[write + 2] = toByte(blue)
      write += 3
    }
  }
}

/** `rows` rows of `length` bytes become `height` rows. */
function resampleColumns(source: Uint8Array, rows: number, length: number, height: number, target: Uint8Array): void {
  if (rows === height) {
    target.set(source)
    return
  }
  const kernel = bicubicKernel(rows, height)
  const { taps, first, count } = kernel
  const weights = wholeWeights(kernel)
  const sums = new Int32Array(length)
  for (let y = 0; y < height; y++) {
    sums.fill(HALF)
    // Four rows at a time: each sum is loaded and stored a quarter as often. Weights past the last are 0.
    for (let j = 0; j < count[y]; j += 4) {
      const at = y * taps + j
      const row = (k: number) => (first[y] + Math.min(j + k, count[y] - 1)) * length
      const weight = (k: number) => (j + k < count[y] ? weights[at + k] : 0)
      addRows(source, [row(0), row(1), row(2), row(3)], [weight(0), weight(1), weight(2), weight(3)], sums)
    }
    for (let i = 0; i < length; i++) target[y * length + i] = toByte(sums[i])
  }
}

type Four = readonly [number, number, number, number]

/** Adds four rows, each times its weight, to the sums. */
function addRows(source: Uint8Array, [a, b, c, d]: Four, [forA, forB, forC, forD]: Four, sums: Int32Array): void {
  for (let i = 0; i < sums.length; i++) {
    const upper = (Math.imul(source[a + i], forA) + Math.imul(source[b + i], forB)) | 0
    const lower = (Math.imul(source[c + i], forC) + Math.imul(source[d + i], forD)) | 0
    sums[i] = (((sums[i] + upper) | 0) + lower) | 0
  }
}

function wholeWeights({ weights }: Kernel): Int32Array {
  return Int32Array.from(weights, (weight) => Math.trunc(weight * 2 ** PRECISION + (weight < 0 ? -0.5 : 0.5)))
}

/** Overshoot is far less than what a byte holds: a table clips faster than comparisons, which edges make hard to predict. */
const CLIP_FROM = -384
const clipped = Uint8Array.from({ length: 1024 }, (_, i) => Math.min(255, Math.max(0, i + CLIP_FROM)))

function toByte(sum: number): number {
  return clipped[(sum >> PRECISION) - CLIP_FROM]
}

/** Mirrors every row of RGB pixels (height, width, 3), in place. */
export function flipRows(pixels: Uint8Array, { width, height }: Size): void {
  for (let y = 0; y < height; y++) {
    let left = y * width * 3
    let right = left + (width - 1) * 3
    for (; left < right; left += 3, right -= 3) {
      for (let c = 0; c < 3; c++) {
        const byte = pixels[left + c]
        pixels[left + c] = pixels[right + c]
        pixels[right + c] = byte
      }
    }
  }
}
