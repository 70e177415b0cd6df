import type { Size } from '../../images/index.ts'
import type { Draws } from './draws.ts'
import type { ViewSettings } from './settings.ts'

/** A part of an image, in its pixels. */
export interface CropBox {
  top: number
  left: number
  height: number
  width: number
}

const ATTEMPTS = 10

/**
 * torchvision's RandomResizedCrop: area and aspect are drawn until the crop fits the image, at most 10 times, then the largest
 * central crop of a legal aspect is taken.
 */
export function drawCrop({ width, height }: Size, draws: Draws, { cropArea, cropAspect }: CropSettings): CropBox {
  const logAspect = cropAspect.map(Math.log)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = width * height * draws.uniform(cropArea[0], cropArea[1])
    const aspect = Math.exp(draws.uniform(logAspect[0], logAspect[1]))
    const w = roundHalfToEven(Math.sqrt(area * aspect))
    const h = roundHalfToEven(Math.sqrt(area / aspect))
    if (w > 0 && w <= width && h > 0 && h <= height) {
      const top = draws.integer(height - h + 1)
      return { top, left: draws.integer(width - w + 1), height: h, width: w }
    }
  }
  return centralCrop({ width, height }, cropAspect)
}
type CropSettings = Pick<ViewSettings, 'cropArea' | 'cropAspect'>

function centralCrop({ width, height }: Size, [narrowest, widest]: readonly [number, number]): CropBox {
  const aspect = width / height
  const w = aspect > widest ? roundHalfToEven(height * widest) : width
  const h = aspect < narrowest ? roundHalfToEven(width / narrowest) : height
  return { top: Math.floor((height - h) / 2), left: Math.floor((width - w) / 2), height: h, width: w }
}

/** Python's round. */
function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest === 0.5) return below + (below % 2)
  return rest < 0.5 ? below : below + 1
}
