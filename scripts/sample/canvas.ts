import { type Colour, clamp, toLinear } from './colour.ts'

/** What a thing, or the ground, is like at one point. */
export interface Surface {
  colour: Colour
  /** Above what it lies on; in the thing's own unit. */
  height: number
  /** Strength of the highlight, 0 to 1, and how small it is (Blinn's exponent). */
  gloss: number
  sharpness: number
}

/** A thing seen from above, one unit long, around (0, 0). */
export interface Thing {
  /** Everything of it is nearer to (0, 0) than this. */
  reach: number
  /** Soft things follow what they lie on. */
  soft: boolean
  /** Null outside. */
  at(x: number, y: number): Surface | null
}

export interface Placement {
  /** Pixels of the canvas. */
  x: number
  y: number
  size: number
  /** Radians. */
  angle: number
}

/** All that is known of each pixel before light falls on it. */
export class Canvas {
  readonly width: number
  readonly height: number
  /** Linear. */
  readonly red: Float32Array
  readonly green: Float32Array
  readonly blue: Float32Array
  /** Pixels above the ground's lowest point. */
  readonly relief: Float32Array
  readonly gloss: Float32Array
  readonly sharpness: Float32Array
  /** 0 for the ground, else the number of the thing. */
  readonly owner: Uint16Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    const plane = (): Float32Array => new Float32Array(width * height)
    this.red = plane()
    this.green = plane()
    this.blue = plane()
    this.relief = plane()
    this.gloss = plane()
    this.sharpness = plane()
    this.owner = new Uint16Array(width * height)
  }

  #set(pixel: number, surface: Surface, relief: number, owner: number): void {
    this.red[pixel] = toLinear(clamp(surface.colour[0]))
    this.green[pixel] = toLinear(clamp(surface.colour[1]))
    this.blue[pixel] = toLinear(clamp(surface.colour[2]))
    this.relief[pixel] = relief
    this.gloss[pixel] = surface.gloss
    this.sharpness[pixel] = surface.sharpness
    this.owner[pixel] = owner
  }

  /** @param at the ground at a point, coordinates and height in units of `unit` pixels */
  cover(at: (x: number, y: number) => Surface, unit: number): void {
    for (let y = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) {
        const surface = at(x / unit, y / unit)
        this.#set(y * this.width + x, surface, surface.height * unit, 0)
      }
    }
  }

  /** Lays a thing on whatever is there. */
  lay(thing: Thing, { x: centreX, y: centreY, size, angle }: Placement, owner: number): void {
    const reach = Math.ceil(thing.reach * size)
    const left = Math.max(0, Math.floor(centreX - reach))
    const right = Math.min(this.width - 1, Math.ceil(centreX + reach))
    const top = Math.max(0, Math.floor(centreY - reach))
    const bottom = Math.min(this.height - 1, Math.ceil(centreY + reach))
    const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size]
    const found: { pixel: number; surface: Surface }[] = []
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const [dx, dy] = [x - centreX, y - centreY]
        const surface = thing.at(dx * cos + dy * sin, dy * cos - dx * sin)
        if (surface) found.push({ pixel: y * this.width + x, surface })
      }
    }
    const under = found.map(({ pixel }) => this.relief[pixel])
    const mean = under.reduce((sum, relief) => sum + relief, 0) / Math.max(1, under.length)
    for (const [index, { pixel, surface }] of found.entries()) {
      const base = thing.soft ? mean * 0.5 + under[index] * 0.5 : mean
      this.#set(pixel, surface, base + surface.height * size, owner)
    }
  }
}
