/**
 * Colour operations on RGB bytes (n, 3), in place, byte for byte as Pillow computes them (under torchvision's names); factors and
 * blends are float32 there.
 */

/** Image.blend with black. */
export function adjustBrightness(pixels: Uint8Array, factor: number): void {
  applyTable(pixels, blendTable(0, factor))
}

/** Image.blend with the mean of the greyscale image, rounded. */
export function adjustContrast(pixels: Uint8Array, factor: number): void {
  let sum = 0
  for (let i = 0; i < pixels.length; i += 3) sum += luma(pixels[i], pixels[i + 1], pixels[i + 2])
  applyTable(pixels, blendTable(Math.floor(sum / (pixels.length / 3) + 0.5), factor))
}

/** Image.blend with the greyscale image. */
export function adjustSaturation(pixels: Uint8Array, factor: number): void {
  const alpha = Math.fround(factor)
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i], pixels[i + 1], pixels[i + 2])
    pixels[i] = blend(grey, pixels[i], alpha)
    pixels[i + 1] = blend(grey, pixels[i + 1], alpha)
    pixels[i + 2] = blend(grey, pixels[i + 2], alpha)
  }
}

export function greyscale(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i], pixels[i + 1], pixels[i + 2])
    pixels[i] = grey
    pixels[i + 1] = grey
    pixels[i + 2] = grey
  }
}

const SOLARISE_THRESHOLD = 128

/** Inverts what is 128 or more. */
export function solarise(pixels: Uint8Array): void {
  applyTable(
    pixels,
    Uint8Array.from({ length: 256 }, (_, byte) => (byte < SOLARISE_THRESHOLD ? byte : 255 - byte)),
  )
}

/** Pillow's "L": ITU-R 601 in 16-bit fixed point. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

/** from + alpha * (to - from) in float32, cut off (not rounded) and clipped. */
function blend(from: number, to: number, alpha: number): number {
  const value = Math.fround(from + Math.fround(alpha * (to - from)))
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0
}

function blendTable(from: number, factor: number): Uint8Array {
  const alpha = Math.fround(factor)
  return Uint8Array.from({ length: 256 }, (_, byte) => blend(from, byte, alpha))
}

function applyTable(pixels: Uint8Array, table: Uint8Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = table[pixels[i]]
}
