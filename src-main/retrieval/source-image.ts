import { decodeImage, decodeResized, resizeRgb, type RgbImage } from '../images/index.ts'
import { inputSize, type Size } from './input-size.ts'

/** An image file and its upright size in pixels. */
export interface SourceImage extends Size {
  file: string
}

/** From here on a JPEG is decoded at a reduced scale, which is quicker than decoding all of it once for every size. */
const MUCH_LARGER = 4

/**
 * What the network sees of an image: one picture for each long side.
 *
 * @throws CribsheetError image-*
 */
export async function decodeInputs(image: SourceImage, longSides: number[]): Promise<RgbImage[]> {
  const sizes = longSides.map((longSide) => inputSize(image, longSide))
  if (Math.max(image.width, image.height) >= MUCH_LARGER * Math.max(...longSides))
    return Promise.all(sizes.map((size) => decodeResized(image.file, size)))
  const whole = await decodeImage(image.file)
  return Promise.all(sizes.map((size) => resizeRgb(whole, size, 'cubic')))
}
