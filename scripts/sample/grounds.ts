import type { Surface } from './canvas.ts'
import { type Colour, clamp, colour, mixColours, ramp, scaleColour } from './colour.ts'
import { cells, fractal, noise, speckle } from './noise.ts'
import type { Random } from './random.ts'

/** The ground at a point; the unit is a tenth of the picture's shorter side. */
type Ground = (x: number, y: number) => Surface

const matt = (tint: Colour, height: number, gloss = 0.03, sharpness = 12): Surface => ({
  colour: tint,
  height,
  gloss,
  sharpness,
})

function turned(random: Random): (x: number, y: number) => [number, number] {
  const angle = random.between(0, 2 * Math.PI)
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return (x, y) => [x * cos + y * sin + 500, y * cos - x * sin + 500]
}

function wood(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const [light, dark] = random.pick([
    [colour('#c9a071'), colour('#7d5430')],
    [colour('#8f6a48'), colour('#4a3020')],
    [colour('#b9b0a2'), colour('#776c60')],
  ])
  const plank = random.between(2.6, 4.5)
  return (x0, y0) => {
    const [x, y] = turn(x0, y0)
    const board = Math.floor(y / plank)
    const across = y / plank - board
    const own = seed + board * 17
    const warp = fractal(x * 0.12, y * 0.5, 3, own) * 2.2
    const rings = 0.5 + 0.5 * Math.sin((y * 2.1 + warp * 3 + board) * 2.4)
    const fibre = fractal(x * 0.9, y * 22, 3, own + 5)
    const pores = ramp(0.35, 0.6, noise(x * 2.5, y * 45, own + 9))
    const seam = ramp(0.035, 0.005, Math.min(across, 1 - across) * plank)
    const tint = mixColours(light, dark, rings * 0.45 + fibre * 0.45 + pores * 0.3 + 0.15 * noise(board, 0.5, seed))
    return matt(scaleColour(tint, 1 - 0.75 * seam), fibre * 0.012 - pores * 0.01 - seam * 0.08, 0.08, 18)
  }
}

function sand(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const base = random.pick([colour('#cdb48c'), colour('#b99a74'), colour('#d8cdb8')])
  const rippled = random.next() < 0.6 ? 0.03 : 0
  return (x0, y0) => {
    const [x, y] = turn(x0, y0)
    const warp = fractal(x * 0.4, y * 0.4, 3, seed) * 1.5
    const ripple = Math.sin(y * 6 + warp * 5) * (0.6 + 0.4 * noise(x * 0.3, y * 0.3, seed + 8))
    const grain = noise(x * 26, y * 26, seed + 3)
    const dot = speckle(x * 30, y * 30, seed + 4)
    const darkGrain = dot > 0.965 ? 0.55 : dot < 0.03 ? 1.22 : 1
    const tint = scaleColour(base, (1 + 0.13 * grain + 0.1 * fractal(x, y, 3, seed + 6)) * darkGrain)
    return matt(tint, ripple * rippled + grain * 0.014 + fractal(x * 0.7, y * 0.7, 3, seed + 7) * 0.12)
  }
}

function soil(random: Random): Ground {
  const seed = random.seed()
  const [wet, dry] = random.pick([
    [colour('#33261b'), colour('#6d5540')],
    [colour('#3b2f26'), colour('#7e6a55')],
  ])
  return (x, y) => {
    const warpX = x + 0.25 * noise(x * 2, y * 2, seed + 1)
    const warpY = y + 0.25 * noise(x * 2, y * 2, seed + 2)
    const crumb = cells(warpX * 3.2, warpY * 3.2, seed)
    const small = cells(warpX * 9, warpY * 9, seed + 3)
    const lump = clamp(1 - crumb.distance * 1.5) * crumb.id
    const bit = clamp(1 - small.distance * 1.6) * small.id
    const fine = fractal(x * 12, y * 12, 3, seed + 5)
    const tint = mixColours(wet, dry, 0.25 + lump * 0.5 + bit * 0.35 + fine * 0.5)
    const straw = small.id > 0.97 ? ramp(0.5, 0.2, small.distance) : 0
    return matt(
      mixColours(tint, colour('#b09467'), straw * 0.7),
      lump * 0.16 + bit * 0.06 + fine * 0.05 + fractal(x * 0.5, y * 0.5, 2, seed + 9) * 0.2,
    )
  }
}

function moss(random: Random): Ground {
  const seed = random.seed()
  const [deep, bright] = random.pick([
    [colour('#26351a'), colour('#7f9a3d')],
    [colour('#2c3d22'), colour('#9aa758')],
  ])
  return (x, y) => {
    const warpX = x + 0.12 * noise(x * 5, y * 5, seed + 1)
    const warpY = y + 0.12 * noise(x * 5, y * 5, seed + 2)
    const tuft = cells(warpX * 5, warpY * 5, seed)
    const frond = cells(warpX * 14, warpY * 14, seed + 3)
    const hair = noise(warpX * 34, warpY * 34, seed + 4)
    const rise = clamp(1 - tuft.distance) * 0.6 + clamp(1 - frond.distance) * 0.3 + hair * 0.12
    const patch = fractal(x * 0.5, y * 0.5, 3, seed + 6)
    const tint = mixColours(deep, bright, rise * 1.1 - 0.25 + tuft.id * 0.25 + patch * 0.4)
    return matt(
      mixColours(tint, colour('#7a5c36'), ramp(0.22, 0.5, patch) * 0.55),
      rise * 0.28 + patch * 0.35,
      0.06,
      10,
    )
  }
}

function concrete(random: Random): Ground {
  const seed = random.seed()
  const base = random.pick([colour('#9b9a96'), colour('#b3aca0'), colour('#7f8486')])
  return (x, y) => {
    const cloud = fractal(x * 0.35, y * 0.35, 4, seed)
    const fine = fractal(x * 6, y * 6, 3, seed + 5)
    const grain = speckle(x * 40, y * 40, seed + 3) - 0.5
    const pit = cells(x * 2.2, y * 2.2, seed + 7)
    const hole = pit.id > 0.85 ? ramp(0.9 * (pit.id - 0.83), 0.02, pit.distance + 0.03 * fine) : 0
    const crack = ramp(0.012, 0, Math.abs(noise(x * 0.3, y * 0.3, seed + 11) + 0.08 * fine)) * ramp(0, 0.4, cloud)
    const tint = scaleColour(
      base,
      (1 + 0.28 * cloud + 0.12 * fine + 0.14 * grain) * (1 - 0.4 * hole) * (1 - 0.55 * crack),
    )
    return matt(tint, fine * 0.035 - hole * 0.1 - crack * 0.08)
  }
}

function linen(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const [warpColour, weftColour] = random.pick([
    [colour('#d9cfba'), colour('#c3b69c')],
    [colour('#4d6479'), colour('#8193a3')],
    [colour('#8d4a42'), colour('#a9655a')],
  ])
  const threads = random.between(7, 11)
  return (x0, y0) => {
    const [x1, y1] = turn(x0, y0)
    const x = x1 + 0.03 * noise(x1 * 0.8, y1 * 2, seed)
    const y = y1 + 0.03 * noise(x1 * 2, y1 * 0.8, seed + 1)
    const [u, v] = [x * threads, y * threads]
    const [column, row] = [Math.floor(u), Math.floor(v)]
    const lengthwise = (column + row) % 2 === 0
    const across = lengthwise ? u - column : v - row
    const along = lengthwise ? v - row : u - column
    const round = Math.sin(Math.PI * across) * (0.55 + 0.45 * Math.sin(Math.PI * along))
    const thread = lengthwise ? speckle(column, 7, seed) : speckle(row, 11, seed)
    const fibre = noise(x * 60, y * 60, seed + 3)
    const fold = fractal(x * 0.22, y * 0.22, 2, seed + 4)
    const tint = scaleColour(
      lengthwise ? warpColour : weftColour,
      0.62 + 0.38 * round + 0.14 * (thread - 0.5) + 0.05 * fibre,
    )
    return matt(tint, round * 0.035 + fold * 1.1)
  }
}

function paper(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const sheet = random.pick([colour('#eeece4'), colour('#e3dccb'), colour('#c9a67a')])
  const ruled = random.next() < 0.5
  return (x0, y0) => {
    const [x, y] = turn(x0, y0)
    const fibre = fractal(x * 3, y * 3, 4, seed)
    const fleck = cells(x * 5, y * 5, seed + 2)
    const speck = fleck.id > 0.93 ? ramp(0.1, 0.02, fleck.distance) : 0
    const line = Math.min(Math.abs(x - Math.round(x)), Math.abs(y - Math.round(y)))
    const ink = ruled ? ramp(0.022, 0.008, line) * (0.75 + 0.5 * fibre) : 0
    const tint = scaleColour(sheet, 1 + 0.05 * fibre + 0.02 * noise(x * 25, y * 25, seed + 4) - 0.25 * speck)
    return matt(
      mixColours(tint, colour('#6f97b5'), ink * 0.55),
      fibre * 0.012 + fractal(x * 0.2, y * 0.2, 2, seed + 8) * 0.5,
    )
  }
}

function slate(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const [dark, light] = random.pick([
    [colour('#2b3138'), colour('#5a646d')],
    [colour('#352f33'), colour('#6d6468')],
  ])
  return (x0, y0) => {
    const [x, y] = turn(x0, y0)
    const sheet = fractal(x * 0.5, y * 0.9, 5, seed)
    const step = Math.floor(sheet * 7) / 7
    const edge = ramp(0.06, 0, Math.abs(sheet * 7 - Math.round(sheet * 7)))
    const fine = fractal(x * 9, y * 5, 3, seed + 6)
    const vein = ramp(0.02, 0.002, Math.abs(noise(x * 0.35, y * 0.2, seed + 9) + 0.05 * fine))
    const tint = mixColours(dark, light, 0.35 + step * 0.7 + fine * 0.35 - edge * 0.15)
    return matt(mixColours(tint, colour('#cfcac0'), vein * 0.5), step * 0.22 + fine * 0.03, 0.16, 22)
  }
}

function tile(random: Random): Ground {
  const turn = turned(random)
  const seed = random.seed()
  const [base, vein] = random.pick([
    [colour('#e4e0da'), colour('#8b8680')],
    [colour('#5e7f78'), colour('#2c4742')],
    [colour('#b56c4c'), colour('#7e4530')],
  ])
  const side = random.between(3.5, 5.5)
  return (x0, y0) => {
    const [x, y] = turn(x0, y0)
    const [column, row] = [Math.floor(x / side), Math.floor(y / side)]
    const edge = Math.min(x / side - column, 1 - x / side + column, y / side - row, 1 - y / side + row) * side
    const own = seed + column * 31 + row * 57
    const flow = Math.abs(fractal(x * 0.35, y * 0.35, 4, own))
    const cloud = fractal(x * 0.8, y * 0.8, 3, own + 5)
    const grout = ramp(0.09, 0.06, edge)
    const tint = mixColours(mixColours(base, vein, ramp(0.06, 0, flow) * 0.5 + cloud * 0.3), colour('#a39d92'), grout)
    const rough = grout * fractal(x * 12, y * 12, 2, seed + 3)
    return matt(tint, -grout * 0.1 + rough * 0.03 + ramp(0.2, 0.09, edge) * -0.02, 0.4 * (1 - grout), 60)
  }
}

export const grounds = { wood, sand, soil, moss, concrete, linen, paper, slate, tile }
export type GroundName = keyof typeof grounds
