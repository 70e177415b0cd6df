import { clamp, type Colour, fromLinear, lightOfTemperature, mix, ramp } from './colour.ts'
import { boxBlur, type Picture } from './light.ts'
import type { Random } from './random.ts'

export interface Camera {
  /** Stops brighter or darker than right. */
  exposure: number
  /** The temperature that comes out grey. */
  whiteBalance: number
  /** Out of focus, pixels. */
  blur: number
  /** Only this height of the picture, 0 to 1, is in focus. */
  focus?: number
  /** Moved by so many pixels to the side. */
  motion?: number
  /** Sensor noise, 0 (daylight) to 1 (night). */
  noise: number
  /** Darkening of the corners, 0 to 1. */
  vignette: number
}

export interface Photograph {
  width: number
  height: number
  /** sRGB bytes, red, green, blue of each pixel. */
  data: Uint8Array
}

/** Every pixel the mean of a square of `factor` pixels. */
function shrink({ width, height, data }: Picture, factor: number): Picture {
  const small: Picture = {
    width: width / factor,
    height: height / factor,
    data: new Float32Array(data.length / factor ** 2),
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = 3 * (Math.floor(y / factor) * small.width + Math.floor(x / factor))
      const from = 3 * (y * width + x)
      for (let channel = 0; channel < 3; channel++) small.data[to + channel] += data[from + channel] / factor ** 2
    }
  }
  return small
}

function perChannel(picture: Picture, change: (plane: Float32Array) => Float32Array): Picture {
  const data = new Float32Array(picture.data.length)
  for (let channel = 0; channel < 3; channel++) {
    const plane = Float32Array.from(
      { length: picture.width * picture.height },
      (_, pixel) => picture.data[3 * pixel + channel],
    )
    for (const [pixel, value] of change(plane).entries()) data[3 * pixel + channel] = value
  }
  return { ...picture, data }
}

/** Three boxes are nearly a Gaussian. */
function defocus(picture: Picture, radius: number): Picture {
  const once = (plane: Float32Array): Float32Array => boxBlur(plane, picture.width, picture.height, radius)
  return perChannel(picture, (plane) => once(once(once(plane))))
}

function focusOnLine(picture: Picture, line: number, radius: number): Picture {
  const soft = defocus(picture, radius)
  const data = picture.data.map((value, index) => {
    const y = Math.floor(index / 3 / picture.width) / picture.height
    return mix(value, soft.data[index], ramp(0.12, 0.5, Math.abs(y - line)))
  })
  return { ...picture, data }
}

function move({ width, height, data }: Picture, pixels: number): Picture {
  const moved = new Float32Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let step = 0; step < pixels; step++) {
        const from = 3 * (y * width + clamp(x + step - Math.floor(pixels / 2), 0, width - 1))
        for (let channel = 0; channel < 3; channel++)
          moved[3 * (y * width + x) + channel] += data[from + channel] / pixels
      }
  return { width, height, data: moved }
}

/** Bright parts roll off as film does (Narkowicz's fit of ACES). */
const film = (x: number): number => clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14))

/** What brings the picture's typical brightness near a middle grey; a dark ground stays a little darker, as meters are set. */
function autoExposure({ data }: Picture): number {
  let sum = 0
  for (let i = 1; i < data.length; i += 3) sum += Math.log(data[i] + 1e-3)
  return 0.78 * (0.2 / Math.exp(sum / (data.length / 3))) ** 0.72
}

/** Takes the picture: lens, sensor, film. `factor` pixels of the picture become one. */
export function takePhotograph(picture: Picture, camera: Camera, factor: number, random: Random): Photograph {
  let seen = picture
  if (camera.motion !== undefined) seen = move(seen, camera.motion * factor)
  const radius = Math.round(camera.blur * factor * 0.6)
  if (radius > 0) seen = camera.focus === undefined ? defocus(seen, radius) : focusOnLine(seen, camera.focus, radius)
  const { width, height, data } = shrink(seen, factor)
  const gain = autoExposure({ width, height, data }) * 2 ** camera.exposure
  const grey = lightOfTemperature(camera.whiteBalance)
  const balance: Colour = [grey[1] / grey[0], 1, grey[1] / grey[2]]
  const photograph: Photograph = { width, height, data: new Uint8Array(3 * width * height) }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2
      const fall = 1 - camera.vignette * corner
      const shared = random.normal()
      for (let channel = 0; channel < 3; channel++) {
        const index = 3 * (y * width + x) + channel
        const value = data[index] * gain * balance[channel] * fall
        const grain =
          Math.sqrt(value * 0.0012 + 0.00001) * (0.2 + 2.2 * camera.noise) * (0.75 * shared + 0.65 * random.normal())
        photograph.data[index] = Math.round(255 * fromLinear(film(Math.max(0, value + grain))))
      }
    }
  }
  return photograph
}
