// Textures that have no size: every value is computed from its place and a seed.

function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** White noise, 0 to before 1, by whole coordinates. */
export function speckle(x: number, y: number, seed: number): number {
  return hash(Math.floor(x), Math.floor(y), seed) / 2 ** 32
}

const directions = 64
const gradientX = Float64Array.from({ length: directions }, (_, i) => Math.cos((2 * Math.PI * i) / directions))
const gradientY = Float64Array.from({ length: directions }, (_, i) => Math.sin((2 * Math.PI * i) / directions))

function slope(cellX: number, cellY: number, dx: number, dy: number, seed: number): number {
  const direction = hash(cellX, cellY, seed) & (directions - 1)
  return gradientX[direction] * dx + gradientY[direction] * dy
}

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10)

/** Perlin's gradient noise, -1 to 1, features of about one unit. */
export function noise(x: number, y: number, seed: number): number {
  const cellX = Math.floor(x)
  const cellY = Math.floor(y)
  const dx = x - cellX
  const dy = y - cellY
  const u = fade(dx)
  const top = slope(cellX, cellY, dx, dy, seed) * (1 - u) + slope(cellX + 1, cellY, dx - 1, dy, seed) * u
  const bottom =
    slope(cellX, cellY + 1, dx, dy - 1, seed) * (1 - u) + slope(cellX + 1, cellY + 1, dx - 1, dy - 1, seed) * u
  const v = fade(dy)
  return (top * (1 - v) + bottom * v) * 1.4
}

/** Noise at several sizes, each half of the one before and half as strong; about -1 to 1. */
export function fractal(x: number, y: number, octaves: number, seed: number): number {
  let sum = 0
  let strength = 0.5
  for (let octave = 0; octave < octaves; octave++) {
    sum += strength * noise(x, y, seed + octave)
    x *= 2.03
    y *= 2.03
    strength *= 0.5
  }
  return sum
}

export interface Cell {
  /** Distance to the nearest cell's centre and to the border with the next: cells of about one unit. */
  distance: number
  border: number
  /** The cell's own number, 0 to before 1. */
  id: number
}

/** Worley's cellular noise. */
export function cells(x: number, y: number, seed: number): Cell {
  const cellX = Math.floor(x)
  const cellY = Math.floor(y)
  let nearest = Infinity
  let second = Infinity
  let id = 0
  for (let j = cellY - 1; j <= cellY + 1; j++) {
    for (let i = cellX - 1; i <= cellX + 1; i++) {
      const random = hash(i, j, seed)
      const distance = Math.hypot(i + (random & 0xffff) / 65_536 - x, j + (random >>> 16) / 65_536 - y)
      if (distance < nearest) {
        second = nearest
        nearest = distance
        id = hash(i, j, seed + 1) / 2 ** 32
      } else if (distance < second) second = distance
    }
  }
  return { distance: nearest, border: second - nearest, id }
}
