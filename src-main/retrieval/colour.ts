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
 *
 * @param occupied the bins of the image's colours: of the others nothing is said
 */
function colourEvidence(
  { classes, values, colours, share }: Sample,
  occupied: number[],
  { prior, strength }: ColourSettings,
): Float32Array {
  const pixels = colours.length
  const means = new Float64Array(classes)
  const histograms = Array.from({ length: classes }, (_, c) => {
    const histogram = new Float64Array(bins)
    for (let i = 0; i < pixels; i++) histogram[colours[i]] += values[c * pixels + i]
    means[c] = histogram.reduce((sum, value) => sum + value, 0) / pixels
    blurHistogram(histogram)
    return histogram
  })
  const evidence = new Float32Array(classes * bins)
  for (const bin of occupied) {
    let total = share * prior
    for (const histogram of histograms) total += histogram[bin]
    for (let c = 0; c < classes; c++) {
      const inBin = (histograms[c][bin] + share * prior * means[c]) / total
      evidence[c * bins + bin] = Math.max(inBin / Math.max(means[c], 1e-4), 1e-3) ** strength
    }
  }
  return evidence
}

/** Some pixels of an image: probabilities (classes, pixels) and bins. */
interface Sample {
  classes: number
  values: Float32Array
  colours: Uint16Array
  /** The part of the image's pixels that they are. */
  share: number
}

/** Colours are fitted on every pixel of a small image, of a large one on a lattice of about so many. */
const FITTED_PIXELS = 50_000

function lattice({ classes, columns, rows, values }: ProbabilityMaps, colours: Uint16Array): Sample {
  const step = Math.max(1, Math.round(Math.sqrt((columns * rows) / FITTED_PIXELS)))
  const places: number[] = []
  for (let y = 0; y < rows; y += step) for (let x = 0; x < columns; x += step) places.push(y * columns + x)
  const sampled = new Float32Array(classes * places.length)
  for (let c = 0, at = 0; c < classes; c++)
    for (const place of places) sampled[at++] = values[c * colours.length + place]
  const share = places.length / colours.length
  return { classes, values: sampled, colours: Uint16Array.from(places, (place) => colours[place]), share }
}

function occupiedBins(colours: Uint16Array): number[] {
  const occupied = new Uint8Array(bins)
  for (const bin of colours) occupied[bin] = 1
  return Array.from(occupied.keys()).filter((bin) => occupied[bin] === 1)
}

/** p ~ max(P, 1e-4) * evidence */
function weigh(classes: number, values: Float32Array, colours: Uint16Array, evidence: Float32Array): Float32Array {
  const pixels = colours.length
  const weighed = new Float32Array(values.length)
  const sums = new Float32Array(pixels)
  for (let c = 0; c < classes; c++) {
    const ofClass = evidence.subarray(c * bins, (c + 1) * bins)
    for (let i = 0, at = c * pixels; i < pixels; i++, at++) {
      const value = values[at] < LEAST_PROBABILITY ? LEAST_PROBABILITY : values[at]
      weighed[at] = value * ofClass[colours[i]]
      sums[i] += weighed[at]
    }
  }
  for (let i = 0; i < pixels; i++) sums[i] = 1 / sums[i]
  for (let c = 0; c < classes; c++) for (let i = 0, at = c * pixels; i < pixels; i++, at++) weighed[at] *= sums[i]
  return weighed
}

/**
 * Step 7: each class's colours, fitted on the image itself, weigh its probabilities. `maps` is on the work image; `colours`
 * are the work image's bins.
 */
export function applyColour(maps: ProbabilityMaps, colours: Uint16Array, settings: ColourSettings): ProbabilityMaps {
  const { classes } = maps
  const sample = lattice(maps, colours)
  const occupied = occupiedBins(colours)
  let evidence = colourEvidence(sample, occupied, settings)
  for (let round = 1; round < settings.rounds; round++) {
    const values = weigh(classes, sample.values, sample.colours, evidence)
    evidence = colourEvidence({ ...sample, values }, occupied, settings)
  }
  return { ...maps, values: weigh(classes, maps.values, colours, evidence) }
}
