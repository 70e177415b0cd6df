import { BoxMean } from './box-mean.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

export interface EdgeSettings {
  /** The box has 2 radius + 1 pixels a side. */
  radius: number
  epsilon: number
}

/**
 * Step 8: the guided filter of each class map with the work image as its colour guide (He, Sun and Tang, Guided Image Filtering,
 * TPAMI 2013, section 3.5), clipped to [0, 1]. `rgb` is bytes (rows, columns, 3).
 *
 * The filter is linear and keeps constants, so the last class is one minus the others: the classes of a cell must sum to one.
 */
export function guidedFilter(
  maps: ProbabilityMaps,
  rgb: Uint8Array,
  { radius, epsilon }: EdgeSettings,
): ProbabilityMaps {
  const { classes, columns, rows } = maps
  const pixels = columns * rows
  const filter = new ColourGuide(rgb, new BoxMean(columns, rows, radius), epsilon)
  const values = new Float32Array(classes * pixels)
  const last = values.subarray((classes - 1) * pixels)
  last.fill(1)
  for (let c = 0; c < classes - 1; c++) {
    const plane = values.subarray(c * pixels, (c + 1) * pixels)
    filter.apply(maps.values.subarray(c * pixels, (c + 1) * pixels), plane)
    for (let i = 0; i < pixels; i++) last[i] -= plane[i]
  }
  for (let i = 0; i < values.length; i++) values[i] = values[i] < 0 ? 0 : values[i] > 1 ? 1 : values[i]
  return { ...maps, values }
}

const workingPlanes = 20

/** The planes of the image before, kept for the next: to allocate them anew costs as much as a good part of the filter. */
let memory = new Float32Array(0)

function borrowPlanes(pixels: number): Float32Array[] {
  if (memory.length < workingPlanes * pixels) memory = new Float32Array(workingPlanes * pixels)
  return Array.from({ length: workingPlanes }, (_, k) => memory.subarray(k * pixels, (k + 1) * pixels))
}

/** What all classes share: the guide's local means and the inverse of its local covariance. */
class ColourGuide {
  readonly #box: BoxMean
  /** R, G, B in [0, 1]. */
  readonly #guide: Float32Array[]
  readonly #means: Float32Array[]
  /** Of (Sigma + epsilon U): rr, rg, rb, gg, gb, bb. */
  readonly #inverse: Float32Array[]
  // of one class: covariance with the guide, then the linear coefficients a (R, G, B) and b, then their means
  readonly #coefficients: Float32Array[]
  readonly #scratch: Float32Array[]

  constructor(rgb: Uint8Array, box: BoxMean, epsilon: number) {
    this.#box = box
    const planes = borrowPlanes(box.width * box.height)
    this.#guide = planes.slice(0, 3)
    this.#means = planes.slice(3, 6)
    this.#inverse = planes.slice(6, 12)
    this.#coefficients = planes.slice(12, 16)
    this.#scratch = planes.slice(16, 20)
    this.#splitChannels(rgb)
    this.#guide.forEach((channel, k) => box.apply(channel, null, this.#means[k]))
    this.#invertCovariance(epsilon)
  }

  #splitChannels(rgb: Uint8Array): void {
    const [red, green, blue] = this.#guide
    for (let i = 0; i < red.length; i++) {
      red[i] = rgb[3 * i] / 255
      green[i] = rgb[3 * i + 1] / 255
      blue[i] = rgb[3 * i + 2] / 255
    }
  }

  #invertCovariance(epsilon: number): void {
    const [red, green, blue] = this.#guide
    const [meanR, meanG, meanB] = this.#means
    const [irr, irg, irb, igg, igb, ibb] = this.#inverse
    this.#box.apply(red, red, irr)
    this.#box.apply(red, green, irg)
    this.#box.apply(red, blue, irb)
    this.#box.apply(green, green, igg)
    this.#box.apply(green, blue, igb)
    this.#box.apply(blue, blue, ibb)
    for (let i = 0; i < red.length; i++) {
      const mr = meanR[i]
      const mg = meanG[i]
      const mb = meanB[i]
      const rr = irr[i] - mr * mr + epsilon
      const rg = irg[i] - mr * mg
      const rb = irb[i] - mr * mb
      const gg = igg[i] - mg * mg + epsilon
      const gb = igb[i] - mg * mb
      const bb = ibb[i] - mb * mb + epsilon
      const cofactorR = gg * bb - gb * gb
      const cofactorG = gb * rb - rg * bb
      const cofactorB = rg * gb - gg * rb
      const scale = 1 / (rr * cofactorR + rg * cofactorG + rb * cofactorB)
      irr[i] = cofactorR * scale
      irg[i] = cofactorG * scale
      irb[i] = cofactorB * scale
      igg[i] = (rr * bb - rb * rb) * scale
      igb[i] = (rg * rb - rr * gb) * scale
      ibb[i] = (rr * gg - rg * rg) * scale
    }
  }

  /** q = mean(a) . I + mean(b), where a = (Sigma + epsilon U)^-1 cov(I, p) and b = mean(p) - a . mean(I). */
  apply(p: Float32Array, q: Float32Array): void {
    const [red, green, blue] = this.#guide
    const [meanR, meanG, meanB] = this.#means
    const [irr, irg, irb, igg, igb, ibb] = this.#inverse
    const [aR, aG, aB, b] = this.#coefficients
    const [pR, pG, pB, meanP] = this.#scratch
    this.#box.apply(p, null, meanP)
    this.#box.apply(p, red, pR)
    this.#box.apply(p, green, pG)
    this.#box.apply(p, blue, pB)
    for (let i = 0; i < p.length; i++) {
      const mean = meanP[i]
      const cr = pR[i] - mean * meanR[i]
      const cg = pG[i] - mean * meanG[i]
      const cb = pB[i] - mean * meanB[i]
      const r = irr[i] * cr + irg[i] * cg + irb[i] * cb
      const g = irg[i] * cr + igg[i] * cg + igb[i] * cb
      const bl = irb[i] * cr + igb[i] * cg + ibb[i] * cb
      aR[i] = r
      aG[i] = g
      aB[i] = bl
      b[i] = mean - r * meanR[i] - g * meanG[i] - bl * meanB[i]
    }
    const [meanAR, meanAG, meanAB, meanOfB] = this.#scratch
    this.#box.apply(aR, null, meanAR)
    this.#box.apply(aG, null, meanAG)
    this.#box.apply(aB, null, meanAB)
    this.#box.apply(b, null, meanOfB)
    for (let i = 0; i < q.length; i++) {
      q[i] = meanAR[i] * red[i] + meanAG[i] * green[i] + meanAB[i] * blue[i] + meanOfB[i]
    }
  }
}
