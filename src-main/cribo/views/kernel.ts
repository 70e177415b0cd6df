/** Support of Keys' bicubic kernel in output pixels. */
const SUPPORT = 2

/** Along one axis: output pixel t is the sum of weights[t * taps + j] times input pixel first[t] + j, j from 0 to count[t] - 1. */
export interface Kernel {
  taps: number
  first: Int32Array
  count: Int32Array
  weights: Float64Array
}

/**
 * Antialiased bicubic from `from` pixels to `to`, as Pillow and torch compute it: Keys' kernel with a = -0.5, widened where the image
 * shrinks, weights outside the image left out, sum 1.
 */
export function bicubicKernel(from: number, to: number): Kernel {
  const scale = from / to
  const widening = Math.max(scale, 1)
  const support = SUPPORT * widening
  const taps = Math.ceil(support) * 2 + 1
  const kernel = {
    taps,
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Float64Array(to * taps),
  }
  for (let t = 0; t < to; t++) {
    const centre = (t + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - support + 0.5))
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first
    let sum = 0
    for (let j = 0; j < count; j++) {
      const weight = keys((j + first - centre + 0.5) * (1 / widening))
      kernel.weights[t * taps + j] = weight
      sum += weight
    }
    for (let j = 0; j < count; j++) kernel.weights[t * taps + j] /= sum
    kernel.first[t] = first
    kernel.count[t] = count
  }
  return kernel
}

function keys(distance: number): number {
  const a = -0.5
  const x = Math.abs(distance)
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}
