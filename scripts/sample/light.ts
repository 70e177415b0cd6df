import type { Canvas } from './canvas.ts'
import { type Colour, clamp, lightOfTemperature, ramp } from './colour.ts'
import { fractal } from './noise.ts'

export interface Light {
  /** Where it comes from, degrees: 0 from the right, 90 from below; and how high it stands. */
  azimuth: number
  elevation: number
  kelvin: number
  /** How much of the light comes from everywhere, 0 (lamp in the dark) to 1 (overcast), and its temperature. */
  ambient: number
  ambientKelvin: number
  /** Width of the penumbra: 0.05 sun, 0.5 window. */
  softness: number
  /** Light through leaves: the share of sun that comes through, and the size of its spots; 1 is the open. */
  dapple?: number
  /** A lamp over this place, in shares of width and height, that lights the rest less. */
  lamp?: readonly [number, number]
}

export interface Picture {
  width: number
  height: number
  /** Linear light, red, green, blue of each pixel. */
  data: Float32Array
}

/** The mean over a square of `2 radius + 1` pixels, in two passes. */
export function boxBlur(source: Float32Array, width: number, height: number, radius: number): Float32Array {
  const pass = (from: Float32Array, lines: number, length: number, lineStep: number, step: number): Float32Array => {
    const to = new Float32Array(from.length)
    for (let line = 0; line < lines; line++) {
      const start = line * lineStep
      let sum = from[start] * radius
      for (let i = 0; i < radius; i++) sum += from[start + Math.min(i, length - 1) * step]
      for (let i = 0; i < length; i++) {
        sum += from[start + Math.min(i + radius, length - 1) * step]
        to[start + i * step] = sum / (2 * radius + 1)
        sum -= from[start + Math.max(i - radius, 0) * step]
      }
    }
    return to
  }
  return pass(pass(source, height, width, width, 1), width, height, 1, width)
}

/** The difference of heights over one pixel, without the step to another thing. */
function gradient(canvas: Canvas, pixel: number, step: number, hasBefore: boolean, hasAfter: boolean): number {
  const { relief, owner } = canvas
  const before = hasBefore && owner[pixel - step] === owner[pixel]
  const after = hasAfter && owner[pixel + step] === owner[pixel]
  if (before && after) return (relief[pixel + step] - relief[pixel - step]) / 2
  if (after) return relief[pixel + step] - relief[pixel]
  return before ? relief[pixel] - relief[pixel - step] : 0
}

/** How much of the sun a pixel sees: marches over the relief towards the light. */
function sunlit(canvas: Canvas, light: Light): Float32Array {
  const { width, height, relief } = canvas
  const [towardsX, towardsY] = [Math.cos((light.azimuth * Math.PI) / 180), Math.sin((light.azimuth * Math.PI) / 180)]
  const climb = Math.tan((light.elevation * Math.PI) / 180)
  const highest = relief.reduce((a, b) => Math.max(a, b), 0)
  const seen = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x
      const start = relief[pixel]
      let open = 1
      for (let distance = 1.5; open > 0; distance += 0.8 + distance * 0.02) {
        const ray = start + distance * climb
        if (ray > highest) break
        const column = Math.round(x + towardsX * distance)
        const row = Math.round(y + towardsY * distance)
        if (column < 0 || row < 0 || column >= width || row >= height) break
        const gap = (ray - relief[row * width + column]) / (distance * light.softness + 1)
        open = Math.min(open, 0.5 + 0.5 * gap)
      }
      seen[pixel] = ramp(0, 1, clamp(open))
    }
  }
  return boxBlur(seen, width, height, 1)
}

/** How much of the sky a pixel sees: less in the hollows, at two sizes. */
function skyOf({ width, height, relief }: Canvas): Float32Array {
  const sky = new Float32Array(width * height).fill(1)
  for (const radius of [5, 22]) {
    const around = boxBlur(boxBlur(relief, width, height, radius), width, height, radius)
    for (let pixel = 0; pixel < sky.length; pixel++)
      sky[pixel] *= 1 - 0.75 * clamp(((around[pixel] - relief[pixel]) / radius) * 0.9)
  }
  return sky
}

/** The share of the lamp's or sun's light that reaches a place at all. */
function reaching(canvas: Canvas, light: Light, seed: number): (x: number, y: number) => number {
  const { width, height } = canvas
  const side = Math.min(width, height)
  return (x, y) => {
    const leaves =
      light.dapple === undefined
        ? 1
        : ramp(0.02, 0.2, fractal((x / side) * 3.2, (y / side) * 3.2, 3, seed) + light.dapple - 0.5)
    if (!light.lamp) return leaves
    const away = Math.hypot(x - light.lamp[0] * width, y - light.lamp[1] * height) / side
    return leaves / (1 + 2.2 * away * away)
  }
}

/** Light on a finished canvas: sun or lamp with shadows, sky, highlights. */
export function illuminate(canvas: Canvas, light: Light, seed: number): Picture {
  const { width, height } = canvas
  const sun = lightOfTemperature(light.kelvin)
  const sky = lightOfTemperature(light.ambientKelvin)
  const elevation = (light.elevation * Math.PI) / 180
  const azimuth = (light.azimuth * Math.PI) / 180
  const towards: Colour = [
    Math.cos(azimuth) * Math.cos(elevation),
    Math.sin(azimuth) * Math.cos(elevation),
    Math.sin(elevation),
  ]
  const halfLength = Math.hypot(towards[0], towards[1], towards[2] + 1)
  const half: Colour = [towards[0] / halfLength, towards[1] / halfLength, (towards[2] + 1) / halfLength]
  const [seen, open, reach] = [sunlit(canvas, light), skyOf(canvas), reaching(canvas, light, seed)]
  const data = new Float32Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x
      const slopeX = gradient(canvas, pixel, 1, x > 0, x < width - 1)
      const slopeY = gradient(canvas, pixel, width, y > 0, y < height - 1)
      const length = Math.hypot(slopeX, slopeY, 1)
      const facing = clamp((towards[2] - towards[0] * slopeX - towards[1] * slopeY) / length)
      const mirror = clamp((half[2] - half[0] * slopeX - half[1] * slopeY) / length)
      const direct = (1 - light.ambient) * seen[pixel] * reach(x, y)
      const diffuse = direct * facing
      const around = light.ambient * open[pixel] * (0.75 + 0.25 / length)
      const highlight = canvas.gloss[pixel] * (1.6 * direct * mirror ** canvas.sharpness[pixel])
      // a bright sky mirrored in what lies flat
      const sheen = canvas.gloss[pixel] * around * 0.1 * (1 / length) ** 3
      data[3 * pixel] = canvas.red[pixel] * (sun[0] * diffuse + sky[0] * around) + sun[0] * highlight + sky[0] * sheen
      data[3 * pixel + 1] =
        canvas.green[pixel] * (sun[1] * diffuse + sky[1] * around) + sun[1] * highlight + sky[1] * sheen
      data[3 * pixel + 2] =
        canvas.blue[pixel] * (sun[2] * diffuse + sky[2] * around) + sun[2] * highlight + sky[2] * sheen
    }
  }
  return { width, height, data }
}
