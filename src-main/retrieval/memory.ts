import { CribsheetError, type RunLengths } from '../contract/index.ts'
import { condenseTokens, type CondensingSettings } from './condense-tokens.ts'
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
  /** Where there are more tokens than this, groups of alike ones of an image become one, which bounds memory and time with many labels. */
  mostTokens: number
  condensing: CondensingSettings
}

/** The tokens of the labelled images at one scale, or the means of groups of them: what they look like, which classes they show, and whose they are. */
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
  { leastShare, telling, mostTokens, condensing }: MemorySettings,
): TokenMemory {
  const images = labelled.map((image) => labelledTokens(image, longSide, classIds))
  checkDimensions(images.map(({ scale }) => scale))
  const known = images.map(({ known }) => Array.from(known.keys()).filter((token) => known[token] > leastShare))
  const kept = images.map((image, index) =>
    telling ? tellingTokens(known[index], image, image.scale.affinity, telling) : known[index],
  )
  const count = kept.reduce((sum, tokens) => sum + tokens.length, 0)
  if (count === 0) throw nothingLabelled()
  const part = Math.min(1, mostTokens / count)
  const groups = images.flatMap((image, index) => {
    const most = Math.max(1, Math.floor(part * kept[index].length))
    const found = condenseTokens(kept[index], image.scale, image, most, condensing)
    return found.map((tokens) => ({ image, tokens }))
  })
  return { ...gather(groups, classIds.length), classShares: meanShares(images, known, classIds.length) }
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

/** Tokens of one image that the memory holds as one. */
interface TokenGroup {
  image: LabelledTokens
  tokens: number[]
}

function gather(groups: TokenGroup[], classes: number): Memory {
  const { dimensions } = groups[0].image.scale
  const tokens = new Float32Array(groups.length * dimensions)
  const shares = new Float32Array(groups.length * classes)
  const annotations = new Uint32Array(groups.length * classes)
  groups.forEach((group, row) => {
    tokens.set(meanToken(group, dimensions), row * dimensions)
    for (let c = 0; c < classes; c++) {
      shares[row * classes + c] = meanShare(group, c)
      annotations[row * classes + c] = mainAnnotation(group, c)
    }
  })
  return { size: groups.length, dimensions, classes, tokens, shares, annotations }
}

/** (dimensions) of unit length. */
function meanToken({ image, tokens: members }: TokenGroup, dimensions: number): Float32Array {
  const { tokens } = image.scale
  const mean = Float32Array.from(tokens.subarray(members[0] * dimensions, (members[0] + 1) * dimensions))
  if (members.length === 1) return mean
  for (const token of members.slice(1)) for (let d = 0; d < dimensions; d++) mean[d] += tokens[token * dimensions + d]
  const length = Math.hypot(...mean)
  return length === 0 ? mean : mean.map((value) => value / length)
}

function meanShare({ image: { shares, known }, tokens }: TokenGroup, c: number): number {
  return tokens.reduce((sum, token) => sum + shares[c * known.length + token], 0) / tokens.length
}

/** The annotation of the member that shows most of the class. */
function mainAnnotation({ image: { shares, annotations, known }, tokens }: TokenGroup, c: number): number {
  const at = (token: number) => c * known.length + token
  return annotations[at(tokens.reduce((best, token) => (shares[at(token)] > shares[at(best)] ? token : best)))]
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
