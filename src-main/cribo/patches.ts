import { PATCH, PATCH_LENGTH } from './architecture.ts'

/** Of each colour channel (red, green, blue), on a scale of 0 to 1. */
export interface Normalisation {
  mean: readonly [number, number, number]
  std: readonly [number, number, number]
}

export const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }

/** A batch of images of one size, in pixels. */
export interface BatchShape {
  batch: number
  height: number
  width: number
}

/** (byte / 255 - mean) / std for every byte of every channel: (3, 256), each step rounded to float32 as the authors' code does. */
export function normalisedBytes({ mean, std }: Normalisation): Float32Array {
  const table = new Float32Array(3 * 256)
  for (let channel = 0; channel < 3; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      const centred = Math.fround(Math.fround(byte / 255) - Math.fround(mean[channel]))
      table[channel * 256 + byte] = centred / Math.fround(std[channel])
    }
  }
  return table
}

/**
 * RGB bytes (B, H, W, 3) -> normalised patches (B, n, 768), n = H/16 * W/16, row by row over the grid; inside a patch channel by
 * channel, then row by row, as PyTorch's patch embedding has its weights.
 *
 * @throws RangeError where H or W is not a multiple of 16, or there are not B * H * W * 3 bytes.
 */
export function toPatches(pixels: Uint8Array, { batch, height, width }: BatchShape, normalisation: Normalisation) {
  if (height % PATCH || width % PATCH || pixels.length !== batch * height * width * 3)
    throw new RangeError(`${pixels.length} bytes are not ${batch} RGB images of ${width} x ${height} in patches of 16`)
  const table = normalisedBytes(normalisation)
  const patches = new Float32Array(pixels.length)
  const columns = width / PATCH
  let read = 0
  // One row of pixels is one row of each of `columns` patches.
  for (let row = 0; row < batch * height; row++) {
    const firstPatch = Math.floor(row / PATCH) * columns
    for (let column = 0; column < columns; column++) {
      let red = (firstPatch + column) * PATCH_LENGTH + (row % PATCH) * PATCH
      for (let x = 0; x < PATCH; x++, red++) {
        patches[red] = table[pixels[read++]]
        patches[red + PATCH * PATCH] = table[256 + pixels[read++]]
        patches[red + 2 * PATCH * PATCH] = table[512 + pixels[read++]]
      }
    }
  }
  return patches
}
