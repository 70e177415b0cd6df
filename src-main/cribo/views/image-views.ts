import { decodeReduced, type RgbImage, type Size } from '../../images/index.ts'
import { drawsOfView } from './draws.ts'
import { drawView } from './parameters.ts'
import type { ViewSettings } from './settings.ts'
import { makeView } from './view.ts'

/** An image as views are cut from it, and the size that it has in full; in memory that threads share. */
export interface Source extends RgbImage {
  data: Uint8Array<SharedArrayBuffer>
  full: Size
}

/** One place of a batch. */
export interface Place {
  seed: number
  step: number
  place: number
  /** The batch's own arrays, (V, B, S, S, 3) and (V, B, n, 2), shared. */
  pixels: Uint8Array
  positions: Float32Array
  batch: number
}

/**
 * Crops of a quarter of an image have about half its sides: of an image twice as large as a view they are as large as the view. Larger
 * images are made smaller to that once, which leaves crops nothing to lose and takes a fraction of the memory and of the time.
 */
const REDUCED_TO = 2

/** @throws CribsheetError as decodeImage */
export async function readSource(file: string, { size }: ViewSettings): Promise<Source> {
  const { image, full } = await decodeReduced(file, REDUCED_TO * size)
  const data = new Uint8Array(new SharedArrayBuffer(image.data.length))
  data.set(image.data)
  return { width: image.width, height: image.height, data, full }
}

/** Writes the views of an image to its place in a batch. */
export function writeViews(
  source: Source,
  { seed, step, place, pixels, positions, batch }: Place,
  settings: ViewSettings,
) {
  const { size } = settings
  const pixelCount = size * size * 3
  const positionCount = (size / 16) ** 2 * 2
  for (let view = 0; view < settings.views.length; view++) {
    const at = view * batch + place
    const target = {
      size,
      pixels: pixels.subarray(at * pixelCount, (at + 1) * pixelCount),
      positions: positions.subarray(at * positionCount, (at + 1) * positionCount),
    }
    makeView(source, drawView(source, drawsOfView(seed, step, place, view), settings, view), target)
    toFullSize(target.positions, source)
  }
}

/** Positions in the pixels of the reduced image -> in those of the image itself; the first pixel's middle is 0 in both. */
function toFullSize(positions: Float32Array, { width, height, full }: Source): void {
  if (width === full.width && height === full.height) return
  const x = full.width / width
  const y = full.height / height
  for (let i = 0; i < positions.length; i += 2) {
    positions[i] = (positions[i] + 0.5) * x - 0.5
    positions[i + 1] = (positions[i + 1] + 0.5) * y - 0.5
  }
}
