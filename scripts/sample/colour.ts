/** sRGB, each 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number]

export const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value))

export const mix = (a: number, b: number, share: number): number => a + (b - a) * share

/** 0 below `from`, 1 above `to`, smooth between. */
export function ramp(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from))
  return t * t * (3 - 2 * t)
}

export function mixColours(a: Colour, b: Colour, share: number): Colour {
  const t = clamp(share)
  return [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)]
}

export function scaleColour(colour: Colour, factor: number): Colour {
  return [clamp(colour[0] * factor), clamp(colour[1] * factor), clamp(colour[2] * factor)]
}

/** '#rrggbb' */
export function colour(hexadecimal: string): Colour {
  const value = parseInt(hexadecimal.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

export const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
export const fromLinear = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055

/** The colour of a black body, linear, its largest part 1 (Tanner Helland's fit). */
export function lightOfTemperature(kelvin: number): Colour {
  const t = kelvin / 100
  const red = t <= 66 ? 255 : 329.7 * (t - 60) ** -0.1332
  const green = t <= 66 ? 99.47 * Math.log(t) - 161.12 : 288.12 * (t - 60) ** -0.0755
  const blue = t >= 66 ? 255 : t <= 19 ? 0 : 138.52 * Math.log(t - 10) - 305.04
  return [toLinear(clamp(red / 255)), toLinear(clamp(green / 255)), toLinear(clamp(blue / 255))]
}
