import { bins, classColours, type ColouredPixels } from './colour-histograms.ts'
import { explainedByColour } from './explained-by-colour.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

export interface ColourSettings {
  /** How often the model is fitted and applied. */
  rounds: number
  /**
   * The exponent of the colour's evidence, where colour explains the classes wholly: what a colour says counts this much beside what the
   * tokens say. Where it explains a part of them, that part of it.
   */
  strength: number
  /** How many pixels' worth of the class's mean a bin starts with. */
  prior: number
}

/** No class is ruled out by its tokens alone. */
const LEAST_PROBABILITY = 1e-4

/**
 * What each bin's colour says for each class, (classes, 4096): max(g / max(pi, 1e-4), 1e-3)^(strength * explained), where pi is the class's
 * mean probability, g the class's share in the bin, drawn towards pi where the bin is rare, and explained as `explainedByColour`.
 *
 * @param occupied the bins of the image's colours: of the others nothing is said
 */
function colourEvidence(pixels: ColouredPixels, occupied: number[], { prior, strength }: ColourSettings): Float32Array {
  const { classes, share } = pixels
  const colours = classColours(pixels)
  const { means, histograms } = colours
  const exponent = strength * explainedByColour(pixels, colours)
  const evidence = new Float32Array(classes * bins)
  for (const bin of occupied) {
    let total = share * prior
    for (const histogram of histograms) total += histogram[bin]
    for (let c = 0; c < classes; c++) {
      const inBin = (histograms[c][bin] + share * prior * means[c]) / total
      evidence[c * bins + bin] = Math.max(inBin / Math.max(means[c], 1e-4), 1e-3) ** exponent
    }
  }
  return evidence
}

/** Colours are fitted on every pixel of a small image, of a large one on a lattice of about so many. */
const FITTED_PIXELS = 20_000

function lattice({ classes, columns, rows, values }: ProbabilityMaps, colours: Uint16Array): ColouredPixels {
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
