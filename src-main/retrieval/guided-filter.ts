import { BoxMean } from './box-mean.ts'
import { bilinearTaps, interpolateRow } from './interpolation.ts'
import type { Grid, ProbabilityMaps } from './probability-maps.ts'

export interface EdgeSettings {
  /** The box has 2 radius + 1 pixels a side. */
  radius: number
  epsilon: number
  /** The linear model is fitted on an image shrunk by this whole factor; 1 is the filter as first published. */
  shrink: number
}

/**
 * Step 8: the guided filter of each class map with the work image as its colour guide (He, Sun and Tang, Guided Image Filtering,
 * TPAMI 2013, section 3.5), its coefficients fitted on a shrunk image and enlarged bilinearly (He and Sun, Fast Guided Filter, arXiv
 * 1505.00996), clipped to [0, 1]. `rgb` is bytes (rows, columns, 3).
 *
 * The filter is linear and keeps constants, so the last class is one minus the others: the classes of a cell must sum to one.
 */
export function guidedFilter(maps: ProbabilityMaps, rgb: Uint8Array, settings: EdgeSettings): ProbabilityMaps {
  const { classes, columns, rows } = maps
  const pixels = columns * rows
  const filter = new ColourGuide(rgb, maps, settings)
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

const workingPlanes = 21

/** The planes of the image before, kept for the next: to allocate them anew costs as much as a good part of the filter. */
let memory = new Float32Array(0)

function borrowPlanes(cells: number): Float32Array[] {
  if (memory.length < workingPlanes * cells) memory = new Float32Array(workingPlanes * cells)
  return Array.from({ length: workingPlanes }, (_, k) => memory.subarray(k * cells, (k + 1) * cells))
}

/** What all classes share: the guide's local means and the inverse of its local covariance, on the shrunk image. */
class ColourGuide {
  readonly #rgb: Uint8Array
  readonly #size: Grid
  readonly #shrink: number
  readonly #box: BoxMean
  /** R, G, B in [0, 1]. */
  readonly #guide: Float32Array[]
  readonly #means: Float32Array[]
  /** Of (Sigma + epsilon U): rr, rg, rb, gg, gb, bb. */
  readonly #inverse: Float32Array[]
  /** p shrunk. */
  readonly #map: Float32Array
  // of one class: covariance with the guide, then the linear coefficients a (R, G, B) and b, then their means
  readonly #coefficients: Float32Array[]
  readonly #scratch: Float32Array[]

  constructor(rgb: Uint8Array, { columns, rows }: Grid, { radius, epsilon, shrink }: EdgeSettings) {
    this.#rgb = rgb
    this.#size = { columns, rows }
    this.#shrink = shrink
    this.#box = new BoxMean(Math.ceil(columns / shrink), Math.ceil(rows / shrink), Math.round(radius / shrink))
    const planes = borrowPlanes(this.#box.width * this.#box.height)
    this.#guide = planes.slice(0, 3)
    this.#means = planes.slice(3, 6)
    this.#inverse = planes.slice(6, 12)
    this.#coefficients = planes.slice(12, 16)
    this.#scratch = planes.slice(16, 20)
    this.#map = planes[20]
    this.#guide.forEach((channel, k) => {
      this.#shrinkInto(channel, rgb, { first: k, step: 3, scale: 1 / 255 })
      this.#box.apply(channel, null, this.#means[k])
    })
    this.#invertCovariance(epsilon)
  }

  /** The mean of the pixels under each cell; at the right and lower border there may be fewer. */
  #shrinkInto(
    cells: Float32Array,
    pixels: Uint8Array | Float32Array,
    { first, step, scale }: { first: number; step: number; scale: number },
  ): void {
    const { columns, rows } = this.#size
    const shrink = this.#shrink
    let cell = 0
    for (let top = 0; top < rows; top += shrink) {
      const bottom = Math.min(rows, top + shrink)
      for (let left = 0; left < columns; left += shrink) {
        const right = Math.min(columns, left + shrink)
        let sum = 0
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) sum += pixels[first + step * (y * columns + x)]
        cells[cell++] = (scale * sum) / ((bottom - top) * (right - left))
      }
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
    this.#shrinkInto(this.#map, p, { first: 0, step: 1, scale: 1 })
    this.#fit(this.#map)
    this.#combine(q)
  }

  /** Leaves mean(a) (R, G, B) and mean(b) in the scratch planes. */
  #fit(p: Float32Array): void {
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
    this.#coefficients.forEach((coefficient, k) => this.#box.apply(coefficient, null, this.#scratch[k]))
  }

  /** The mean coefficients, enlarged, on the colours of the image itself. */
  #combine(q: Float32Array): void {
    const { columns, rows } = this.#size
    const { width, height } = this.#box
    const across = bilinearTaps(width, this.#shrink * width)
    const down = bilinearTaps(height, this.#shrink * height)
    const lines = this.#scratch.map(() => new Float32Array(width))
    const [lineR, lineG, lineB, lineOfB] = lines
    const rgb = this.#rgb
    let pixel = 0
    for (let y = 0; y < rows; y++) {
      const [above, below] = [down.before[y] * width, down.after[y] * width]
      this.#scratch.forEach((plane, k) => interpolateRow(plane, above, below, down.share[y], width, lines[k]))
      for (let x = 0; x < columns; x++, pixel++) {
        const share = across.share[x]
        const left = across.before[x]
        const right = across.after[x]
        const r = lineR[left] + share * (lineR[right] - lineR[left])
        const g = lineG[left] + share * (lineG[right] - lineG[left])
        const b = lineB[left] + share * (lineB[right] - lineB[left])
        const offset = lineOfB[left] + share * (lineOfB[right] - lineOfB[left])
        q[pixel] = (r * rgb[3 * pixel] + g * rgb[3 * pixel + 1] + b * rgb[3 * pixel + 2]) / 255 + offset
      }
    }
  }
}
