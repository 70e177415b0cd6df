import type { Surface, Thing } from '../canvas.ts'
import { type Colour, colour, mixColours, ramp, scaleColour } from '../colour.ts'
import { noise, speckle } from '../noise.ts'
import type { Random } from '../random.ts'
import { dome, ellipse, fromLine } from './shapes.ts'

interface Kind {
  /** Half axes of the wing cases. */
  length: number
  width: number
  shell: Colour
  shine: Colour
  neck: Colour
  gloss: number
  /** The pattern on the wing cases, 0 to 1, from -1 to 1 along and across; and its colour. */
  pattern(along: number, across: number, seed: number): number
  ink: Colour
  furrows: number
}

const plain = (): number => 0
const black = colour('#17140f')

const kinds = {
  ground: {
    length: 0.29,
    width: 0.16,
    shell: colour('#1d1a22'),
    shine: colour('#4a3f66'),
    neck: colour('#1b1820'),
    gloss: 0.75,
    pattern: plain,
    ink: black,
    furrows: 9,
  },
  chafer: {
    length: 0.28,
    width: 0.19,
    shell: colour('#2f6a2a'),
    shine: colour('#b59a35'),
    neck: colour('#3a7730'),
    gloss: 0.9,
    ink: colour('#e6e2c4'),
    furrows: 0,
    pattern: (along, across, seed) => ramp(0.5, 0.62, noise(along * 5, Math.abs(across) * 6, seed)),
  },
  ladybird: {
    length: 0.33,
    width: 0.28,
    shell: colour('#b8231a'),
    shine: colour('#e2542a'),
    neck: black,
    gloss: 0.9,
    ink: black,
    furrows: 0,
    pattern: (along, across) => {
      const spots = [
        [0.75, 0],
        [0.35, 0.5],
        [-0.15, 0.3],
        [-0.2, 0.75],
        [-0.62, 0.42],
      ] as const
      return Math.max(...spots.map(([x, y]) => ramp(0.2, 0.15, Math.hypot(along - x, Math.abs(across) - y))))
    },
  },
  potato: {
    length: 0.3,
    width: 0.22,
    shell: colour('#d9b45a'),
    shine: colour('#e8cf86'),
    neck: colour('#b97a2c'),
    gloss: 0.6,
    ink: black,
    furrows: 0,
    pattern: (along, across) =>
      ramp(-0.1, 0.25, Math.sin(Math.abs(across) * 16 + 0.4)) * ramp(1, 0.85, Math.hypot(along, across)),
  },
  leather: {
    length: 0.3,
    width: 0.15,
    shell: colour('#5a2f19'),
    shine: colour('#8c5530'),
    neck: colour('#3a1f14'),
    gloss: 0.45,
    pattern: plain,
    ink: black,
    furrows: 6,
  },
} as const satisfies Record<string, Kind>

export type BeetleKind = keyof typeof kinds
export const beetleKinds = Object.keys(kinds) as BeetleKind[]

type Line = readonly (readonly [number, number])[]

/** Three legs and an antenna on each side, every joint a little different. */
function limbs(random: Random, bodyWidth: number): { line: Line; thickness: number }[] {
  const jitter = (): number => random.between(-0.03, 0.03)
  const all: { line: Line; thickness: number }[] = []
  for (const side of [-1, 1]) {
    for (const [hip, knee, foot] of [
      [0.2, 0.28, 0.4],
      [0.05, 0.02, -0.06],
      [-0.1, -0.2, -0.38],
    ]) {
      const reach = bodyWidth + 0.1
      const line: Line = [
        [hip, side * 0.07],
        [knee + jitter(), side * (reach + jitter())],
        [foot + jitter(), side * (reach + 0.09 + jitter())],
        [foot + 0.05 * Math.sign(foot) + jitter(), side * (reach + 0.15 + jitter())],
      ]
      all.push({ line, thickness: 0.016 })
    }
    const bent = random.between(0.1, 0.2)
    const antenna: Line = [
      [0.36, side * 0.03],
      [0.44, side * bent * 0.7],
      [0.52 + jitter(), side * (bent + 0.04)],
    ]
    all.push({ line: antenna, thickness: 0.009 })
  }
  return all
}

/** Along x, the head to the right. */
export function beetle(random: Random, name = random.pick(beetleKinds)): Thing {
  const kind: Kind = kinds[name]
  const legs = limbs(random, kind.width)
  const seed = random.seed()
  const tone = random.between(0.8, 1.15)

  function wingCases(x: number, y: number): Surface | null {
    const [along, across] = [(x + 0.08) / kind.length, y / kind.width]
    const distance = Math.hypot(along, across)
    if (distance >= 1) return null
    const suture = ramp(0.014, 0.004, Math.abs(y))
    const furrow = kind.furrows > 0 ? Math.sin(across * Math.PI * kind.furrows) ** 2 * ramp(1, 0.7, distance) : 0
    const lit = noise(along * 2, across * 2, seed) * 0.5 + 0.5 * (1 - distance)
    let tint = mixColours(kind.shell, kind.shine, lit)
    tint = mixColours(tint, kind.ink, kind.pattern(along, across, seed))
    tint = scaleColour(tint, tone * (1 - 0.6 * suture) * (1 - 0.18 * furrow))
    const height = 0.05 + 0.17 * dome(distance, 2.3) - 0.012 * suture - 0.005 * furrow
    return { colour: tint, height, gloss: kind.gloss, sharpness: 55 }
  }

  function front(x: number, y: number): Surface | null {
    const neck = ellipse(x - 0.23, y, 0.1, kind.width * 0.78)
    const head = ellipse(x - 0.345, y, 0.065, 0.075)
    if (neck >= 1 && head >= 1) return null
    const eye = ramp(0.03, 0.02, Math.hypot(x - 0.36, Math.abs(y) - 0.055))
    const spot = name === 'ladybird' ? ramp(0.05, 0.035, Math.hypot(x - 0.25, Math.abs(y) - 0.15)) : 0
    const tint = mixColours(mixColours(scaleColour(kind.neck, tone), black, eye), colour('#efe9da'), spot)
    const height = 0.05 + (neck < 1 ? 0.12 * dome(neck) : 0.09 * dome(head))
    return { colour: tint, height, gloss: kind.gloss * 0.8, sharpness: 40 }
  }

  function limb(x: number, y: number): Surface | null {
    for (const { line, thickness } of legs) {
      const { distance, along } = fromLine(x, y, line)
      const radius = thickness * (1.25 - 0.7 * along)
      if (distance < radius) {
        const tint = scaleColour(
          mixColours(black, kind.neck, 0.5),
          tone * (1.15 - 0.3 * speckle(along * 40, Math.sign(y), seed)),
        )
        return {
          colour: tint,
          height: 0.02 + 0.04 * (1 - along) + 1.3 * radius * dome(distance / radius),
          gloss: 0.35,
          sharpness: 30,
        }
      }
    }
    return null
  }

  return { reach: 0.66, soft: false, at: (x, y) => wingCases(x, y) ?? front(x, y) ?? limb(x, y) }
}
