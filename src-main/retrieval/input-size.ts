/** Input pixels on the side of a token's cell. */
export const PATCH = 16

export interface Size {
  width: number
  height: number
}

/** The size at which the network sees an image: about its proportions, the long side as asked, both sides multiples of 16. */
export function inputSize(image: Size, longSide: number): Size {
  const scale = longSide / Math.max(image.width, image.height)
  const side = (pixels: number): number => Math.max(PATCH, PATCH * Math.round((pixels * scale) / PATCH))
  return { width: side(image.width), height: side(image.height) }
}
