/**
 * 8-bit CIE Lab (D65) of sRGB in the fixed-point arithmetic of OpenCV's COLOR_RGB2Lab for bytes: L * 255 / 100, a + 128, b + 128.
 * Integers and tables only, so that a work image costs milliseconds.
 */
const gammaShift = 3
const matrixShift = 12
const rootShift = matrixShift + gammaShift

const whitePoint = [0.950456, 1, 1.088754]
const toXyz = [0.412453, 0.35758, 0.180423, 0.212671, 0.71516, 0.072169, 0.019334, 0.119193, 0.950227]
const [xr, xg, xb, yr, yg, yb, zr, zg, zb] = toXyz.map((coefficient, i) =>
  Math.round((coefficient * (1 << matrixShift)) / whitePoint[Math.floor(i / 3)]),
)

/** sRGB byte -> linear light, 255 * 8 is full. */
const linear = Uint16Array.from({ length: 256 }, (_, i) => {
  const value = i / 255
  const light = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  return Math.round(255 * (1 << gammaShift) * light)
})

/** CIE's f, the cube root with a linear foot, of the same scale; 1 is 1 << 15. */
const root = Uint16Array.from({ length: 256 * 1.5 * (1 << gammaShift) }, (_, i) => {
  const light = i / (255 * (1 << gammaShift))
  const f = light < 216 / 24389 ? (light * 841) / 108 + 16 / 116 : Math.cbrt(light)
  return Math.round((1 << rootShift) * f)
})

const half = 1 << (rootShift - 1)
const lightnessScale = Math.floor((116 * 255 + 50) / 100)
const lightnessShift = -Math.floor((16 * 255 * (1 << rootShift) + 50) / 100)

const clampByte = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value)
const f = (weighted: number): number => root[(weighted + (1 << (matrixShift - 1))) >> matrixShift]

/** L, a and b of one pixel, packed as `L << 16 | a << 8 | b`. */
export function lab(red: number, green: number, blue: number): number {
  const r = linear[red]
  const g = linear[green]
  const b = linear[blue]
  const fx = f(r * xr + g * xg + b * xb)
  const fy = f(r * yr + g * yg + b * yb)
  const fz = f(r * zr + g * zg + b * zb)
  const lightness = (lightnessScale * fy + lightnessShift + half) >> rootShift
  const greenRed = (500 * (fx - fy) + 128 * (1 << rootShift) + half) >> rootShift
  const blueYellow = (200 * (fy - fz) + 128 * (1 << rootShift) + half) >> rootShift
  return (clampByte(lightness) << 16) | (clampByte(greenRed) << 8) | clampByte(blueYellow)
}
