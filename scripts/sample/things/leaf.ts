import type { Thing } from '../canvas.ts'
import { type Colour, clamp, colour, mixColours, ramp, scaleColour } from '../colour.ts'
import { cells, fractal, noise } from '../noise.ts'
import type { Random } from '../random.ts'

/** Fresh to withered: the blade, its blotches and its rim. */
const palettes: readonly (readonly [Colour, Colour, Colour])[] = [
  [colour('#4f7a2c'), colour('#6f9a3a'), colour('#4a6b2a')],
  [colour('#35602f'), colour('#5b8a45'), colour('#31502c')],
  [colour('#8fa23c'), colour('#c2b545'), colour('#8a7a32')],
  [colour('#d8a52c'), colour('#c9792a'), colour('#8f5a24')],
  [colour('#b4451f'), colour('#d98a2e'), colour('#6f2c1c')],
  [colour('#8a5f38'), colour('#a97c4c'), colour('#5c3d26')],
]

interface Blade {
  /** Half the width at a place along the midrib, 0 at the stalk to 1 at the tip; 0 beyond. */
  halfWidth(along: number): number
  veins: number
  /** How far veins lean to the tip. */
  lean: number
}

const smooth = (width: number, widest: number): Blade['halfWidth'] => {
  const scale = widest ** widest * (1 - widest) ** (1 - widest)
  return (s) => (s <= 0 || s >= 1 ? 0 : width * ((s ** widest * (1 - s) ** (1 - widest)) / scale) ** 1.25)
}

function bladeOf(species: LeafSpecies, random: Random): Blade {
  switch (species) {
    case 'beech':
      return { halfWidth: smooth(random.between(0.24, 0.3), random.between(0.4, 0.5)), veins: 8, lean: 0.3 }
    case 'willow':
      return { halfWidth: smooth(random.between(0.09, 0.12), 0.42), veins: 13, lean: 0.16 }
    case 'birch': {
      const outline = smooth(random.between(0.27, 0.33), 0.3)
      return { halfWidth: (s) => outline(s) * (1 + 0.09 * ((s * 17) % 1)), veins: 7, lean: 0.32 }
    }
    case 'oak': {
      const outline = smooth(random.between(0.24, 0.29), 0.6)
      const lobes = random.between(3.6, 4.4)
      return {
        halfWidth: (s) => outline(s) * (0.62 + 0.42 * Math.abs(Math.sin(Math.PI * lobes * s))),
        veins: lobes,
        lean: 0.2,
      }
    }
  }
}

export type LeafSpecies = 'beech' | 'willow' | 'birch' | 'oak'
export const leafSpecies: readonly LeafSpecies[] = ['beech', 'willow', 'birch', 'oak']

/** Along x from the end of the stalk to the tip. */
export function leaf(random: Random, species = random.pick(leafSpecies), age = random.below(palettes.length)): Thing {
  const blade = bladeOf(species, random)
  const [base, blotch, rim] = palettes[age]
  const seed = random.seed()
  const bend = random.between(-0.35, 0.35)
  const curl = random.between(-0.02, 0.14)
  const roll = random.between(-0.12, 0.12)
  const crumple = random.between(0.02, 0.07)
  const eaten = random.next() < 0.3
  const bladeStart = -0.32
  const bladeLength = 0.5 - bladeStart
  return {
    reach: 0.62,
    soft: true,
    at(x, y) {
      const offset = y - bend * (x * x - 0.08)
      const along = (x - bladeStart) / bladeLength
      const wobble = 1 + 0.07 * noise(along * 7, Math.sign(offset) * 3, seed)
      const half = blade.halfWidth(along) * wobble
      const stalk = x > -0.5 && along < 0.1 && Math.abs(offset) < 0.013 - 0.006 * clamp(along + 0.2)
      if (Math.abs(offset) >= half) {
        if (!stalk) return null
        return { colour: scaleColour(mixColours(base, rim, 0.6), 1.15), height: 0.03, gloss: 0.15, sharpness: 20 }
      }
      const across = offset / half
      const bite = cells(x * 6, y * 6, seed + 40)
      if (eaten && bite.id > 0.86 && bite.distance < 0.28 * bite.id) return null
      const phase = blade.veins * (along - blade.lean * Math.abs(across) * half * 4) + (offset > 0 ? 0.4 : 0)
      const fromVein = Math.abs(phase - Math.round(phase)) / blade.veins
      const vein = ramp(0.012, 0.002, fromVein) * (1 - 0.6 * Math.abs(across))
      const midrib = ramp(0.016 * (1.15 - along), 0.003, Math.abs(offset))
      const net = cells(x * 38, y * 38, seed + 7).border
      const patches = fractal(x * 5, y * 5, 4, seed + 3)
      const edge = ramp(0.62, 1, Math.abs(across) + 0.5 * patches)
      const spot = cells(x * 13, y * 13, seed + 20)
      const spotted = age > 1 && spot.id > 0.8 ? ramp(0.3 * spot.id, 0.1, spot.distance) : 0
      let tint = mixColours(base, blotch, 0.5 + 1.1 * patches)
      tint = mixColours(tint, rim, edge * (age < 2 ? 0.35 : 0.8))
      tint = mixColours(tint, scaleColour(rim, 0.6), spotted * 0.8)
      tint = mixColours(
        tint,
        scaleColour(mixColours(base, colour('#e8e0a8'), 0.45), 1.1),
        Math.max(midrib * 0.85, vein * 0.4),
      )
      tint = scaleColour(tint, 1 - 0.09 * ramp(0.15, 0, net) + 0.06 * noise(x * 60, y * 60, seed + 9))
      const height =
        0.035 +
        curl * across * across * half * 3 +
        roll * along * along +
        crumple * fractal(x * 4, y * 4, 3, seed + 30) -
        0.006 * vein +
        0.006 * midrib -
        0.0025 * ramp(0.12, 0, net)
      return { colour: tint, height: Math.max(0.012, height), gloss: age < 3 ? 0.16 : 0.06, sharpness: 14 }
    },
  }
}
