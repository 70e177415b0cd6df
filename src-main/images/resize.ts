import type { RgbImage, Size } from './decode.ts'
import { sharp } from './sharp.ts'

/**
 * The image at an exact size.
 * - `cubic`: antialiased bicubic, a = -0.5, half-pixel centres, as PIL's and torch's.
 * - `area`: every output pixel is the mean of the input area it covers (OpenCV's INTER_AREA); for shrinking.
 */
export async function resizeRgb(image: RgbImage, size: Size, kernel: 'cubic' | 'area'): Promise<RgbImage> {
  if (image.width === size.width && image.height === size.height) return image
  if (kernel === 'area') return resample(image, size, areaWeights)
  // libvips enlarges with corners aligned, which moves the picture by up to half a pixel.
  if (enlarges(image, size)) return resample(image, size, cubicWeights)
  const { width, height } = image
  const { data, info } = await sharp(image.data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

export function enlarges(from: Size, to: Size): boolean {
  return to.width > from.width || to.height > from.height
}

/** Of output pixel t along one axis: the first input pixel that it reads, and the weights (sum 1) from there on. */
type Weights = (t: number, from: number, to: number) => { first: number; weights: number[] }

const areaWeights: Weights = (t, from, to) => {
  const [begin, end] = [(t * from) / to, ((t + 1) * from) / to]
  const first = Math.floor(begin)
  const weights: number[] = []
  for (let i = first; i < Math.min(end, from); i++) {
    weights.push((Math.min(end, i + 1) - Math.max(begin, i)) / (end - begin))
  }
  return { first, weights }
}

/** Keys' kernel with a = -0.5, widened by the reduction; weights outside the image are left out. */
const cubicWeights: Weights = (t, from, to) => {
  const scale = Math.max(1, from / to)
  const centre = ((t + 0.5) * from) / to - 0.5
  const first = Math.max(0, Math.ceil(centre - 2 * scale))
  const weights: number[] = []
  for (let i = first; i <= Math.min(from - 1, centre + 2 * scale); i++) {
    const x = Math.abs(i - centre) / scale
    weights.push(x < 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2)
  }
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return { first, weights: weights.map((weight) => weight / sum) }
}

/** Each row of the input is resampled along x once, then added to the output rows that read it. */
function resample(image: RgbImage, { width, height }: Size, weights: Weights): RgbImage {
  const columns = scatter(weights, image.width, width)
  const rows = scatter(weights, image.height, height)
  const sums = new Float32Array(width * height * 3)
  const line = new Float32Array(width * 3)
  for (let y = 0; y < image.height; y++) {
    resampleRow(image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3), columns, line)
    for (let k = rows.start[y]; k < rows.start[y + 1]; k++) {
      const weight = rows.weight[k]
      const at = rows.target[k] * width * 3
      for (let i = 0; i < line.length; i++) sums[at + i] += weight * line[i]
    }
  }
  return { width, height, data: new Uint8Array(new Uint8ClampedArray(sums).buffer) } // the clamped array rounds
}

function resampleRow(row: Uint8Array, { start, target, weight }: Scatter, line: Float32Array): void {
  line.fill(0)
  for (let x = 0; x < row.length / 3; x++) {
    for (let k = start[x]; k < start[x + 1]; k++) {
      const at = 3 * target[k]
      line[at] += weight[k] * row[3 * x]
      line[at + 1] += weight[k] * row[3 * x + 1]
      line[at + 2] += weight[k] * row[3 * x + 2]
    }
  }
}

/**
 * The weights by input pixel: pixel i adds weight[k] of itself to output pixel target[k], k from start[i] to start[i
 * + 1].
 */
interface Scatter {
  start: Uint32Array
  target: Uint32Array
  weight: Float32Array
}

function scatter(weightsOf: Weights, from: number, to: number): Scatter {
  const readers = Array.from({ length: from }, (): { target: number; weight: number }[] => [])
  for (let target = 0; target < to; target++) {
    const { first, weights } = weightsOf(target, from, to)
    weights.forEach((weight, i) => readers[first + i].push({ target, weight }))
  }
  const start = new Uint32Array(from + 1)
  readers.forEach((list, i) => (start[i + 1] = start[i] + list.length))
  const all = readers.flat()
  return {
    start,
    target: Uint32Array.from(all, (reader) => reader.target),
    weight: Float32Array.from(all, (reader) => reader.weight),
  }
}
