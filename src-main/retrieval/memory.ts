import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { evenlySpread } from './evenly-spread.ts'
import type { ImageFeatures, ScaleFeatures } from './image-features.ts'
import { labelGrid, type GridLabels, type LabelledRegion, type Labels } from './labels.ts'
import { tellingTokens, type TellingSettings } from './telling-tokens.ts'

/** An image whose objects of every class in question are all labelled: what no region covers is background. */
export interface LabelledImage {
  imageId: number
  features: ImageFeatures
  regions: LabelledRegion[]
  /** Pixels that are neither object nor background: they say nothing. */
  ignored: RunLengths | null
}

export interface MemorySettings {
  /** A token is kept where more than this share of its cell is not ignored. */
  leastShare: number
  /** Of the tokens that are expected by those like them only a part is kept; null keeps all. */
  telling: TellingSettings | null
  /** Of more tokens than this an evenly spaced sample is kept, which bounds memory and time with many labels. */
  mostTokens: number
}

/** The tokens of the labelled images at one scale: what they look like, which classes they show, and whose they are. */
export interface Memory {
  size: number
  dimensions: number
  classes: number
  /** (size, dimensions) unit rows. */
  tokens: Float32Array
  /** (size, classes) rows that sum to one. */
  shares: Float32Array
  /** (size, classes) id of the annotation that covers most of the cell's part of this class; 0 for none. */
  annotations: Uint32Array
}

export interface TokenMemory extends Memory {
  /** (classes) of all tokens with labels, kept or not, the share that shows each class. */
  classShares: Float64Array
}

/**
 * Step 3: the tokens of the labelled images with its class shares, the masks averaged over its cell and divided by the part of the
 * cell that is not ignored. Where masks of several classes overlap, the classes share the pixels.
 *
 * @throws CribsheetError mask-size where a mask is not of its image's size, nothing-labelled where no token is left, not-embedded
 * where the images' features are of different models or settings
 */
export function buildMemory(
  labelled: LabelledImage[],
  longSide: number,
  classIds: number[],
  { leastShare, telling, mostTokens }: MemorySettings,
): TokenMemory {
  const images = labelled.map((image) => labelledTokens(image, longSide, classIds))
  checkDimensions(images.map(({ scale }) => scale))
  const known = images.map(({ known }) => Array.from(known.keys()).filter((token) => known[token] > leastShare))
  const kept = images.flatMap((image, index) => {
    const tokens = telling ? tellingTokens(known[index], image, image.scale.affinity, telling) : known[index]
    return tokens.map((token) => ({ index, token }))
  })
  const sample = evenlySpread(kept, mostTokens)
  if (sample.length === 0) throw nothingLabelled()
  return { ...gather(images, sample, classIds.length), classShares: meanShares(images, known, classIds.length) }
}

function meanShares(images: LabelledTokens[], known: number[][], classes: number): Float64Array {
  const sums = new Float64Array(classes)
  let count = 0
  images.forEach(({ shares, known: { length: cells } }, index) => {
    count += known[index].length
    for (let c = 0; c < classes; c++) for (const token of known[index]) sums[c] += shares[c * cells + token]
  })
  return sums.map((sum) => sum / count)
}

export function nothingLabelled(): CribsheetError {
  return new CribsheetError(
    'nothing-labelled',
    'There is nothing to propagate from: no labelled image has a usable mask.',
    {
      advice: 'Label at least one image, then propagate again.',
    },
  )
}

function checkDimensions([first, ...others]: ScaleFeatures[]): void {
  const other = others.find(({ dimensions }) => dimensions !== first.dimensions)
  if (other) throw foreignFeatures(`their tokens have ${other.dimensions} numbers, not ${first.dimensions}`)
}

interface LabelledTokens extends GridLabels {
  scale: ScaleFeatures
}

function labelledTokens(image: LabelledImage, longSide: number, classIds: number[]): LabelledTokens {
  const scale = scaleOf(image.features, longSide)
  return { scale, ...labelGrid(labelsOf(image), scale, classIds) }
}

export function labelsOf({ imageId, features: { width, height }, regions, ignored }: LabelledImage): Labels {
  return { imageId, width, height, regions, ignored }
}

function gather(images: LabelledTokens[], sample: { index: number; token: number }[], classes: number): Memory {
  const { dimensions } = images[0].scale
  const tokens = new Float32Array(sample.length * dimensions)
  const shares = new Float32Array(sample.length * classes)
  const annotations = new Uint32Array(sample.length * classes)
  sample.forEach(({ index, token }, row) => {
    const image = images[index]
    const cells = image.known.length
    tokens.set(image.scale.tokens.subarray(token * dimensions, (token + 1) * dimensions), row * dimensions)
    for (let c = 0; c < classes; c++) {
      shares[row * classes + c] = image.shares[c * cells + token]
      annotations[row * classes + c] = image.annotations[c * cells + token]
    }
  })
  return { size: sample.length, dimensions, classes, tokens, shares, annotations }
}

/** @throws CribsheetError not-embedded where the features have no such scale */
export function scaleOf(features: ImageFeatures, longSide: number): ScaleFeatures {
  const scale = features.scales.find((candidate) => candidate.longSide === longSide)
  if (!scale) throw foreignFeatures(`they have no long side of ${longSide} pixels`)
  return scale
}

export function foreignFeatures(difference: string): CribsheetError {
  return new CribsheetError(
    'not-embedded',
    `The features of this image do not fit those of the labelled images: ${difference}.`,
    {
      advice: 'Embed the folder again with the weights in use.',
    },
  )
}
