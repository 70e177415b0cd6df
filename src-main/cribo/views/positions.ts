import type { Size } from '../../images/index.ts'
import { PATCH } from '../architecture.ts'
import type { CropBox } from './crop.ts'
import { bicubicKernel } from './kernel.ts'

/**
 * Where the patches of a view lie in the source image: the crop of the source's coordinate grids (x and y of every pixel, the first 0),
 * resized as the pixels are, flipped with them, averaged over each patch.
 *
 * @param target receives (n, 2), x then y, n = height/16 * width/16 row by row.
 */
export function patchPositions(crop: CropBox, flip: boolean, { width, height }: Size, target: Float32Array): void {
  const xs = patchMeans(crop.left, crop.width, width)
  if (flip) xs.reverse()
  const ys = patchMeans(crop.top, crop.height, height)
  let write = 0
  for (const y of ys) {
    for (const x of xs) {
      target[write++] = x
      target[write++] = y
    }
  }
}

/** The coordinates start, start + 1, ... (`from` of them) resized to `to`, mean of each 16. */
function patchMeans(start: number, from: number, to: number): Float64Array {
  const { taps, first, count, weights } = bicubicKernel(from, to)
  const means = new Float64Array(to / PATCH)
  for (let t = 0; t < to; t++) {
    let coordinate = 0
    for (let j = 0; j < count[t]; j++) coordinate += weights[t * taps + j] * (start + first[t] + j)
    means[Math.floor(t / PATCH)] += coordinate / PATCH
  }
  return means
}
