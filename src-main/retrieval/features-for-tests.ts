import { tf, type Tensor3D } from '../tensorflow/index.ts'
import type { RgbImage } from '../images/index.ts'
import { affinities } from './affinity.ts'
import type { ImageFeatures, ScaleFeatures } from './image-features.ts'

/** An image painted by a function of its pixels. */
export function paint(width: number, height: number, colour: (x: number, y: number) => number[]): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), 3 * (y * width + x))
  return { width, height, data }
}

/** A stand-in for the network: a token is the colour in the middle of its cell, as a unit vector. */
export function colourFeatures(image: RgbImage, sizes = [14, 20]): ImageFeatures {
  const { width, height } = image
  return { width, height, scales: sizes.map((size) => colourScale(image, size)) }
}

function colourScale({ width, height, data }: RgbImage, size: number): ScaleFeatures {
  const tokens = new Float32Array(size * size * 3)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = Math.floor(((column + 0.5) * width) / size)
      const y = Math.floor(((row + 0.5) * height) / size)
      const centred = Array.from(data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3), (value) => value - 99.5)
      const length = Math.hypot(...centred)
      tokens.set(
        centred.map((value) => value / length),
        3 * (row * size + column),
      )
    }
  }
  const x: Tensor3D = tf.tensor3d(tokens, [1, size * size, 3])
  const [affinity] = affinities(x)
  x.dispose()
  return { longSide: 16 * size, columns: size, rows: size, dimensions: 3, tokens: new Float16Array(tokens), affinity }
}
