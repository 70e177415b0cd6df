import type { RgbImage } from '../../images/index.ts'
import { gaussianBlur } from './blur.ts'
import { adjustBrightness, adjustContrast, adjustSaturation, greyscale, solarise } from './colour.ts'
import { adjustHue } from './hue.ts'
import type { ColourParameters, JitterStep, ViewParameters } from './parameters.ts'
import { patchPositions } from './positions.ts'
import { flipRows, resizeCrop } from './resample.ts'

/** Where a view is written: RGB bytes (S, S, 3), and positions (n, 2) of its patches in the source, x then y. */
export interface ViewTarget {
  size: number
  pixels: Uint8Array
  positions: Float32Array
}

/** Makes the view of an image that the parameters describe. */
export function makeView(source: RgbImage, { crop, flip, colour }: ViewParameters, target: ViewTarget): void {
  const square = { width: target.size, height: target.size }
  resizeCrop(source, crop, square, target.pixels)
  if (flip) flipRows(target.pixels, square)
  patchPositions(crop, flip, square, target.positions)
  changeColours(target.pixels, target.size, target.size, colour)
}

const jitterSteps: Record<JitterStep, (pixels: Uint8Array, amount: number) => void> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
}

/** On RGB bytes (height, width, 3), in place. */
export function changeColours(pixels: Uint8Array, width: number, height: number, colour: ColourParameters): void {
  for (const { step, amount } of colour.jitter ?? []) jitterSteps[step](pixels, amount)
  if (colour.greyscale) greyscale(pixels)
  if (colour.blurRadius !== null) gaussianBlur(pixels, { width, height }, colour.blurRadius)
  if (colour.solarise) solarise(pixels)
}
