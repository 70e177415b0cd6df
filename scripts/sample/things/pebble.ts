import type { Thing } from '../canvas.ts'
import { type Colour, clamp, colour, mixColours, ramp, scaleColour } from '../colour.ts'
import { cells, fractal, noise, speckle } from '../noise.ts'
import type { Random } from '../random.ts'

/** The stone's colour at a place. */
type Stone = (x: number, y: number, seed: number) => Colour

const granite =
  (pale: Colour, dark: Colour): Stone =>
  (x, y, seed) => {
    const crystal = cells(x * 42, y * 42, seed)
    const mineral = crystal.id > 0.72 ? dark : crystal.id < 0.2 ? colour('#e9e4da') : pale
    return scaleColour(mineral, 0.9 + 0.25 * fractal(x * 4, y * 4, 3, seed + 1))
  }

const banded =
  (ground: Colour, band: Colour, bands: number): Stone =>
  (x, y, seed) => {
    const place = x * 0.35 + y + 0.12 * fractal(x * 4, y * 4, 3, seed)
    return mixColours(
      scaleColour(ground, 1 + 0.25 * fractal(x * 9, y * 9, 3, seed + 2)),
      band,
      ramp(0.1, 0.6, Math.sin(place * bands)),
    )
  }

const veined =
  (ground: Colour, vein: Colour): Stone =>
  (x, y, seed) => {
    const line = Math.abs(noise(x * 2.2, y * 2.2, seed) + 0.1 * fractal(x * 8, y * 8, 2, seed + 1))
    const body = scaleColour(
      ground,
      1 + 0.3 * fractal(x * 7, y * 7, 4, seed + 2) + 0.1 * (speckle(x * 90, y * 90, seed) - 0.5),
    )
    return mixColours(body, vein, ramp(0.07, 0.015, line))
  }

const stones: readonly Stone[] = [
  granite(colour('#a8a29b'), colour('#4b4846')),
  granite(colour('#b98f7c'), colour('#54403a')),
  banded(colour('#b08a5e'), colour('#8a5f3d'), 26),
  banded(colour('#7c7f80'), colour('#a7a8a4'), 17),
  veined(colour('#4a4d50'), colour('#d8d5cc')),
  veined(colour('#6d5a4e'), colour('#a48a72')),
  veined(colour('#d9d2c3'), colour('#b39a78')),
  veined(colour('#6f7a69'), colour('#c4c6b4')),
]

export function pebble(random: Random): Thing {
  const stone = random.pick(stones)
  const seed = random.seed()
  const aspect = random.between(0.62, 0.98)
  const squareness = random.between(1.8, 2.9)
  const rise = random.between(0.16, 0.32)
  const wet = random.next() < 0.25
  const tone = random.between(0.85, 1.12) * (wet ? 0.72 : 1)
  return {
    reach: 0.62,
    soft: false,
    at(x, y) {
      const angle = Math.atan2(y, x)
      const bumps =
        1 +
        0.16 * noise(1.3 * Math.cos(angle), 1.3 * Math.sin(angle), seed) +
        0.04 * noise(3 * Math.cos(angle), 3 * Math.sin(angle), seed + 1)
      const radius = 0.48 * bumps
      const distance =
        ((Math.abs(x) / radius) ** squareness + (Math.abs(y) / (radius * aspect)) ** squareness) ** (1 / squareness)
      if (distance >= 1) return null
      const rough = fractal(x * 9, y * 9, 4, seed + 3)
      return {
        colour: scaleColour(stone(x, y, seed + 5), tone * (1 - 0.15 * ramp(0.8, 1, distance))),
        height: rise * (1 - distance ** 2.6) ** 0.55 + 0.018 * rough * clamp(2 - 2 * distance),
        gloss: wet ? 0.55 : 0.07,
        sharpness: wet ? 45 : 9,
      }
    },
  }
}
