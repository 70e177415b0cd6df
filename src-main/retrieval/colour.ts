import { lab } from './lab.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

export interface ColourSettings {
  /** How often the model is fitted and applied. */
  rounds: number
  /** The exponent of the colour's evidence: what a colour says counts this much beside what the tokens say. */
  strength: number
  /** How many pixels' worth of the class's mean a bin starts with. */
  prior: number
}

const binsAChannel = 16
const bins = binsAChannel ** 3
/** No class is ruled out by its tokens alone. */
const LEAST_PROBABILITY = 1e-4

/** The Lab bin, 0 to 4095, of each pixel of RGB bytes (n, 3). */
export function colourBins(rgb: Uint8Array): Uint16Array {
  const pixels = rgb.length / 3
  const result = new Uint16Array(pixels)
  for (let i = 0; i < pixels; i++) {
    const packed = lab(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2])
    result[i] = ((packed >> 12) & 0xf00) | ((packed >> 8) & 0xf0) | ((packed >> 4) & 0xf)
  }
  return result
}

/** Blurs a (16, 16, 16) histogram by [.25 .5 .25] along each axis, edges repeated. In place. */
export function blurHistogram(histogram: Float64Array): void {
  for (const stride of [1, binsAChannel, binsAChannel ** 2]) {
    for (let start = 0; start < bins; start++) {
      if (Math.floor(start / stride) % binsAChannel !== 0) continue
      let previous = histogram[start]
      let here = previous
      for (let k = 0; k < binsAChannel; k++) {
        const at = start + k * stride
        const next = k + 1 < binsAChannel ? histogram[at + stride] : here
        histogram[at] = 0.25 * previous + 0.5 * here + 0.25 * next
        previous = here
        here = next
      }
    }
  }
}

/**
 * What each bin's colour says for each class, (classes, 4096): max(g / max(pi, 1e-4), 1e-3)^strength, where pi is the class's mean
 * probability and g the class's share in the bin, drawn towards pi where the bin is rare.
 */
function colourEvidence(
  probabilities: Float32Array,
  classes: number,
  colours: Uint16Array,
  { prior, strength }: ColourSettings,
): Float32Array {
  const pixels = colours.length
  const means = new Float64Array(classes)
  const histograms = Array.from({ length: classes }, (_, c) => {
    const histogram = new Float64Array(bins)
    for (let i = 0; i < pixels; i++) histogram[colours[i]] += probabilities[c * pixels + i]
    means[c] = histogram.reduce((sum, value) => sum + value, 0) / pixels
    blurHistogram(histogram)
    return histogram
  })
  const evidence = new Float32Array(classes * bins)
  for (let bin = 0; bin < bins; bin++) {
    let total = prior
    for (const histogram of histograms) total += histogram[bin]
    for (let c = 0; c < classes; c++) {
      const share = (histograms[c][bin] + prior * means[c]) / total
      evidence[c * bins + bin] = Math.max(share / Math.max(means[c], 1e-4), 1e-3) ** strength
    }
  }
  return evidence
}

/**
 * Step 7: each class's colours, fitted on the image itself, weigh its probabilities. `maps` is on the work image; `colours`
 * are the work image's bins.
 */
export function applyColour(maps: ProbabilityMaps, colours: Uint16Array, settings: ColourSettings): ProbabilityMaps {
  const { classes, values } = maps
  const pixels = colours.length
  const before = values.slice()
  for (let i = 0; i < before.length; i++) if (before[i] < LEAST_PROBABILITY) before[i] = LEAST_PROBABILITY
  const after = values.slice()
  const sums = new Float32Array(pixels)
  for (let round = 0; round < settings.rounds; round++) {
    const evidence = colourEvidence(after, classes, colours, settings)
    sums.fill(0)
    for (let c = 0; c < classes; c++) {
      const evidenceOfClass = evidence.subarray(c * bins, (c + 1) * bins)
      const start = c * pixels
      for (let i = 0; i < pixels; i++) {
        const value = before[start + i] * evidenceOfClass[colours[i]]
        after[start + i] = value
        sums[i] += value
      }
    }
    for (let i = 0; i < pixels; i++) sums[i] = 1 / sums[i]
    for (let c = 0; c < classes; c++) for (let i = 0, at = c * pixels; i < pixels; i++, at++) after[at] *= sums[i]
  }
  return { ...maps, values: after }
}
