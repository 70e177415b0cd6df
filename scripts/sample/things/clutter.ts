import type { Thing } from '../canvas.ts'
import { clamp, colour, mixColours, ramp, scaleColour } from '../colour.ts'
import { fractal, noise, speckle } from '../noise.ts'
import type { Random } from '../random.ts'
import { dome, ellipse, fromLine } from './shapes.ts'

// Things that belong to no class.

function crooked(random: Random, corners: number, sway: number): [number, number][] {
  return Array.from({ length: corners }, (_, i) => [-0.5 + i / (corners - 1), random.between(-sway, sway)])
}

export function twig(random: Random): Thing {
  const stem = crooked(random, 5, 0.05)
  const side: [number, number][] = [stem[2], [stem[2][0] + 0.15, random.pick([-1, 1]) * random.between(0.1, 0.18)]]
  const seed = random.seed()
  const bark = random.pick([colour('#5d4633'), colour('#7b6a58'), colour('#3f3129')])
  const thick = random.between(0.018, 0.032)
  return {
    reach: 0.6,
    soft: false,
    at(x, y) {
      const main = fromLine(x, y, stem)
      const branch = fromLine(x, y, side)
      const radius = thick * (1.2 - 0.5 * main.along) * (1 + 0.2 * noise(x * 14, y * 14, seed))
      const distance = Math.min(main.distance / radius, branch.distance / (radius * 0.6))
      if (distance >= 1) return null
      const tone =
        0.8 + 0.5 * fractal(x * 9, y * 50, 3, seed + 2) + 0.25 * ramp(0.6, 0.9, speckle(x * 120, y * 40, seed))
      return { colour: scaleColour(bark, tone), height: thick * 1.6 * dome(distance), gloss: 0.06, sharpness: 10 }
    },
  }
}

/** A pair of pine needles. */
export function needles(random: Random): Thing {
  const spread = random.between(0.05, 0.14)
  const bend = random.between(-0.08, 0.08)
  const lines = [-1, 1].map((side): [number, number][] => [
    [-0.5, 0],
    [0, side * spread * 0.5 + bend],
    [0.5, side * spread],
  ])
  const tint = random.pick([colour('#8a6a38'), colour('#4d6232'), colour('#a3804a')])
  return {
    reach: 0.6,
    soft: false,
    at(x, y) {
      const distance = Math.min(...lines.map((line) => fromLine(x, y, line).distance)) / 0.009
      if (distance >= 1) return null
      return {
        colour: scaleColour(tint, 1.1 - 0.3 * distance),
        height: 0.012 * dome(distance) + 0.01,
        gloss: 0.2,
        sharpness: 18,
      }
    },
  }
}

export function grass(random: Random): Thing {
  const bend = random.between(-0.5, 0.5)
  const seed = random.seed()
  const tint = random.pick([colour('#6d8a3a'), colour('#b7a65a'), colour('#527a35')])
  return {
    reach: 0.66,
    soft: true,
    at(x, y) {
      const half = 0.022 * clamp(1.1 - (x + 0.5)) + 0.003
      const across = (y - bend * (x * x - 0.08)) / half
      if (Math.abs(x) > 0.5 || Math.abs(across) >= 1) return null
      const fibre = noise(x * 4, across * 6, seed)
      return {
        colour: scaleColour(tint, 0.95 + 0.25 * fibre - 0.2 * ramp(0.2, 0, Math.abs(across))),
        height: 0.02 + 0.008 * across * across,
        gloss: 0.15,
        sharpness: 12,
      }
    },
  }
}

export function coin(random: Random): Thing {
  const seed = random.seed()
  const metal = random.pick([colour('#b08d57'), colour('#b9bbbd'), colour('#9c5f3f')])
  return {
    reach: 0.52,
    soft: false,
    at(x, y) {
      const distance = Math.hypot(x, y) / 0.5
      if (distance >= 1) return null
      const rim = ramp(0.86, 0.9, distance)
      const portrait = ramp(-0.05, 0.05, fractal(x * 4, y * 4, 3, seed) + 0.25 - distance * 0.6) * (1 - rim)
      const wear = fractal(x * 12, y * 12, 3, seed + 4)
      return {
        colour: scaleColour(metal, 0.82 + 0.25 * wear + 0.1 * portrait),
        height: 0.05 + 0.014 * rim + 0.012 * portrait + 0.003 * wear,
        gloss: 0.7,
        sharpness: 26,
      }
    },
  }
}

/** Six sides and a threaded hole. */
export function nut(random: Random): Thing {
  const metal = random.pick([colour('#a9adb0'), colour('#8a7a55'), colour('#6f5a4c')])
  const seed = random.seed()
  return {
    reach: 0.55,
    soft: false,
    at(x, y) {
      const side = Math.max(Math.abs(y), Math.abs(y * 0.5 + x * 0.866), Math.abs(y * 0.5 - x * 0.866)) / 0.43
      const hole = Math.hypot(x, y) / 0.24
      if (side >= 1 || hole < 1) return null
      const chamfer = ramp(0.86, 1, Math.hypot(x, y) / 0.46)
      return {
        colour: scaleColour(metal, 0.95 + 0.25 * fractal(x * 10, y * 10, 3, seed) - 0.35 * ramp(1.16, 1, hole)),
        height: 0.26 - 0.06 * chamfer - 0.05 * ramp(1.2, 1, hole),
        gloss: 0.75,
        sharpness: 34,
      }
    },
  }
}

/** Torn paper with something written on it. */
export function scrap(random: Random): Thing {
  const seed = random.seed()
  const aspect = random.between(0.4, 0.8)
  const sheet = random.pick([colour('#efece2'), colour('#e8dcb4'), colour('#c9d6dc')])
  return {
    reach: 0.72,
    soft: true,
    at(x, y) {
      const torn = 0.03 * fractal(x * 8, y * 8, 3, seed)
      const edge = Math.max(Math.abs(x) - 0.45, Math.abs(y) - 0.45 * aspect) + torn
      if (edge >= 0) return null
      const line = Math.round(y / 0.09)
      const inLine = Math.abs(y - line * 0.09) < 0.022 && Math.abs(x) < 0.36 && edge < -0.06
      const letter = inLine && speckle(x * 42, line, seed) > 0.35 && noise(x * 45, y * 45, seed + line) > -0.15
      const tint = scaleColour(sheet, 1 + 0.05 * fractal(x * 6, y * 6, 3, seed + 2))
      return {
        colour: letter ? mixColours(tint, colour('#2d3350'), 0.75) : tint,
        height: 0.015 + 0.05 * (1 + fractal(x * 2, y * 2, 2, seed + 5)) * Math.hypot(x, y),
        gloss: 0.04,
        sharpness: 8,
      }
    },
  }
}

export function berry(random: Random): Thing {
  const seed = random.seed()
  const skin = random.pick([colour('#a3161a'), colour('#27304f'), colour('#c9571e')])
  return {
    reach: 0.52,
    soft: false,
    at(x, y) {
      const distance = ellipse(x, y, 0.5, 0.48)
      if (distance >= 1) return null
      const crown = ramp(
        0.13,
        0.08,
        Math.hypot(x - 0.1, y + 0.06) * (1 + 0.3 * Math.cos(5 * Math.atan2(y + 0.06, x - 0.1))),
      )
      const bloom = ramp(-0.2, 0.4, fractal(x * 3, y * 3, 3, seed)) * 0.25
      return {
        colour: mixColours(mixColours(skin, colour('#c9c4d4'), bloom), colour('#2a1c14'), crown),
        height: 0.48 * dome(distance) - 0.03 * crown,
        gloss: 0.55,
        sharpness: 50,
      }
    },
  }
}
