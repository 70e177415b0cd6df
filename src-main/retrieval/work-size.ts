import type { Size } from './input-size.ts'
import { defaultPropagationSettings } from './propagation-settings.ts'

/** The work image's size: the long side shrunk to `workSide`, never enlarged. */
export function workSize(image: Size, workSide = defaultPropagationSettings.workSide): Size {
  const scale = Math.min(1, workSide / Math.max(image.width, image.height))
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  return { width: side(image.width), height: side(image.height) }
}
