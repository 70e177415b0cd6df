/** Of each byte of hue: the sixth of the circle that it lies in, and how far in, float32. */
const sixth = Uint8Array.from({ length: 256 }, (_, hue) => Math.floor((hue * 6) / 255))
const inSixth = Float32Array.from({ length: 256 }, (_, hue) => (hue * 6) / 255 - sixth[hue])

/**
 * torchvision's adjust_hue on RGB bytes (n, 3), in place: to Pillow's HSV bytes, the hue turned by whole bytes, and back; byte for byte
 * the same, with float32 where Pillow has it.
 *
 * @param turn 1 is a full turn; cut off to 1/255ths.
 */
export function adjustHue(pixels: Uint8Array, turn: number): void {
  const shift = Math.trunc(turn * 255) & 255
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i]
    const green = pixels[i + 1]
    const blue = pixels[i + 2]
    const value = red > green ? (red > blue ? red : blue) : green > blue ? green : blue
    const least = red < green ? (red < blue ? red : blue) : green < blue ? green : blue
    if (value === least) continue
    const range = value - least
    const saturation = Math.fround(Math.trunc(Math.fround(range / value) * 255) / 255)
    if (saturation === 0) {
      pixels.fill(value, i, i + 3)
      continue
    }
    const hue = (hueOf(red, green, blue, value, range) + shift) & 255
    const part = inSixth[hue]
    // Math.round is C's round for what is not negative.
    const low = Math.round(value * (1 - saturation))
    const falling = Math.round(value * (1 - Math.fround(saturation * part)))
    const rising = Math.round(value * (1 - saturation * (1 - part)))
    switch (sixth[hue]) {
      case 1:
        store(pixels, i, falling, value, low)
        break
      case 2:
        store(pixels, i, low, value, rising)
        break
      case 3:
        store(pixels, i, low, falling, value)
        break
      case 4:
        store(pixels, i, rising, low, value)
        break
      case 5:
        store(pixels, i, value, low, falling)
        break
      default: // 0, and 6, which is byte 255
        store(pixels, i, value, rising, low)
    }
  }
}

function store(pixels: Uint8Array, at: number, red: number, green: number, blue: number): void {
  pixels[at] = red
  pixels[at + 1] = green
  pixels[at + 2] = blue
}

/** Python's colorsys in bytes, cut off. */
function hueOf(red: number, green: number, blue: number, value: number, range: number): number {
  const toRed = Math.fround((value - red) / range)
  const toGreen = Math.fround((value - green) / range)
  const toBlue = Math.fround((value - blue) / range)
  const sixths = Math.fround(
    red === value ? toBlue - toGreen : green === value ? 2 + toRed - toBlue : 4 + toGreen - toRed,
  )
  const turn = sixths / 6 + 1
  return Math.trunc(Math.fround(turn >= 1 ? turn - 1 : turn) * 255)
}
