import type { Surface, Thing } from '../canvas.ts'
import { colour, mixColours, ramp, scaleColour } from '../colour.ts'
import { fractal, noise } from '../noise.ts'
import type { Random } from '../random.ts'
import { dome, ellipse } from './shapes.ts'

/** A drop lying along x, the point to the right: how far from its middle line, 0 to 1 at the edge. */
function drop(x: number, y: number, width: number): number {
  const along = x + 0.5
  if (along <= 0 || along >= 1) return 2
  return Math.abs(y) / (width * 1.9 * Math.sqrt(along) * (1 - along) ** 0.8)
}

/** Striped, as sunflowers have them. */
function sunflower(random: Random): (x: number, y: number) => Surface | null {
  const seed = random.seed()
  const width = random.between(0.24, 0.3)
  const stripes = random.between(7, 11)
  const dark = random.pick([colour('#1e1b19'), colour('#2c2521')])
  return (x, y) => {
    const distance = drop(x, y, width)
    if (distance >= 1) return null
    const across = Math.sign(y) * distance
    const stripe = ramp(0.35, 0.75, Math.sin(across * stripes + 0.5 * noise(x * 6, across * 2, seed)))
    const fibre = noise(x * 5, across * 30, seed + 2)
    const tint = mixColours(dark, colour('#d9d2c2'), stripe * ramp(-0.5, -0.25, x))
    return {
      colour: scaleColour(tint, 1 + 0.12 * fibre),
      height: 0.03 + 0.13 * dome(distance, 2.4),
      gloss: 0.2,
      sharpness: 20,
    }
  }
}

/** Mottled and shiny, with a pale scar. */
function bean(random: Random): (x: number, y: number) => Surface | null {
  const seed = random.seed()
  const [base, mottle] = random.pick([
    [colour('#7a2f22'), colour('#4a1a14')],
    [colour('#cbb391'), colour('#7d3a2c')],
    [colour('#e6dfcb'), colour('#cfc3a4')],
    [colour('#2b2422'), colour('#453a36')],
  ])
  const amount = random.between(0, 0.35)
  const bend = random.between(0.35, 0.6)
  return (x, y) => {
    const offset = y + bend * x * x - 0.05
    const distance = ellipse(x, offset, 0.5, 0.27)
    if (distance >= 1) return null
    const blotch = ramp(0.3 - amount, 0.45 - amount, fractal(x * 6, y * 6, 3, seed) + 0.1)
    const scar = ramp(1, 0.6, ellipse(x, offset - 0.235, 0.085, 0.035))
    const tint = mixColours(mixColours(base, mottle, blotch), colour('#f0ead9'), scar)
    return { colour: tint, height: 0.04 + 0.24 * dome(distance, 2.2), gloss: 0.5, sharpness: 45 }
  }
}

/** Flat and pale with a rim, as pumpkins have them. */
function pumpkin(random: Random): (x: number, y: number) => Surface | null {
  const seed = random.seed()
  const width = random.between(0.32, 0.38)
  const base = random.pick([colour('#e3d3a6'), colour('#d6bf8a'), colour('#8b9b62')])
  return (x, y) => {
    const distance = drop(x, y, width)
    if (distance >= 1) return null
    const rim = ramp(0.72, 0.8, distance) * ramp(1, 0.92, distance)
    const shade = 1 + 0.12 * fractal(x * 7, y * 7, 3, seed) - 0.12 * ramp(0.66, 0.74, distance) * (1 - rim)
    return {
      colour: scaleColour(base, shade),
      height: 0.03 + 0.05 * dome(distance, 4) + 0.014 * rim,
      gloss: 0.18,
      sharpness: 16,
    }
  }
}

const kinds = { sunflower, bean, pumpkin }
export type SeedKind = keyof typeof kinds
export const seedKinds = Object.keys(kinds) as SeedKind[]

export function seed(random: Random, kind = random.pick(seedKinds)): Thing {
  return { reach: 0.62, soft: false, at: kinds[kind](random) }
}
