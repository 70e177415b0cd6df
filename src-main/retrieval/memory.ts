import { CribsheetError } from '../contract/index.ts'
import { condenseTokens, type CondensingSettings } from './condense-tokens.ts'
import type { ImageFeatures, ScaleFeatures } from './image-features.ts'
import { labelGrid, type GridLabels, type Labels } from './labels.ts'
import { tellingTokens, type TellingSettings } from './telling-tokens.ts'

/** An image whose objects of every class in question are all labelled: what no region covers is background. */
export interface LabelledImage extends Labels {
  /** Read anew at each call, once a scale, and not held: the tokens of hundreds of images are too many to have at once. */
  readFeatures: () => ImageFeatures
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
  const images = labelled.map((image) => {
    const scale = scaleOf(image.readFeatures(), longSide)
    const labels = labelGrid(image, scale, classIds)
    const known = Array.from(labels.known.keys()).filter((token) => labels.known[token] > leastShare)
    const kept = telling ? tellingTokens(known, labels, scale.affinity, telling) : known
    return { ...onlyTokens(kept, scale, labels), ...classSums(known, labels) }
  })
  checkDimensions(images)
  const count = images.reduce((sum, { size }) => sum + size, 0)
  if (count === 0) throw nothingLabelled()
  const part = Math.min(1, mostTokens / count)
  const groups = images.flatMap((image) => {
    const most = Math.max(1, Math.floor(part * image.size))
    return condenseTokens(image, most, condensing).map((tokens) => ({ image, tokens }))
  })
  return { ...gather(groups), classShares: meanShares(images) }
}

/** Some tokens of a labelled image. */
export interface LabelledTokens {
  size: number
  dimensions: number
  classes: number
  /** (size, dimensions) unit rows. */
  tokens: Float16Array
  /** (classes, size) as in GridLabels. */
  shares: Float32Array
  /** (classes, size) as in GridLabels. */
  annotations: Uint32Array
}

function onlyTokens(chosen: number[], { tokens, dimensions }: ScaleFeatures, labels: GridLabels): LabelledTokens {
  const cells = labels.known.length
  const [size, classes] = [chosen.length, labels.shares.length / cells]
  const rows = new Float16Array(size * dimensions)
  const shares = new Float32Array(classes * size)
  const annotations = new Uint32Array(classes * size)
  chosen.forEach((token, row) => {
    rows.set(tokens.subarray(token * dimensions, (token + 1) * dimensions), row * dimensions)
    for (let c = 0; c < classes; c++) {
      shares[c * size + row] = labels.shares[c * cells + token]
      annotations[c * size + row] = labels.annotations[c * cells + token]
    }
  })
  return { size, dimensions, classes, tokens: rows, shares, annotations }
}

/** How many tokens' worth of each class there are in an image, and how many of its tokens are known. */
interface ClassSums {
  knownTokens: number
  /** (classes) */
  sums: Float64Array
}

function classSums(known: number[], { shares, known: { length: cells } }: GridLabels): ClassSums {
  const sums = Float64Array.from({ length: shares.length / cells }, (_, c) =>
    known.reduce((sum, token) => sum + shares[c * cells + token], 0),
  )
  return { knownTokens: known.length, sums }
}

function meanShares(images: ClassSums[]): Float64Array {
  const count = images.reduce((total, { knownTokens }) => total + knownTokens, 0)
  return images[0].sums.map((_, c) => images.reduce((sum, { sums }) => sum + sums[c], 0) / count)
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

function checkDimensions([first, ...others]: LabelledTokens[]): void {
  const other = others.find(({ dimensions }) => dimensions !== first.dimensions)
  if (other) throw foreignFeatures(`their tokens have ${other.dimensions} numbers, not ${first.dimensions}`)
}

/** Tokens of one image that the memory holds as one. */
interface TokenGroup {
  image: LabelledTokens
  tokens: number[]
}

function gather(groups: TokenGroup[]): Memory {
  const { dimensions, classes } = groups[0].image
  const tokens = new Float32Array(groups.length * dimensions)
  const shares = new Float32Array(groups.length * classes)
  const annotations = new Uint32Array(groups.length * classes)
  groups.forEach((group, row) => {
    tokens.set(meanToken(group), row * dimensions)
    for (let c = 0; c < classes; c++) {
      shares[row * classes + c] = meanShare(group, c)
      annotations[row * classes + c] = mainAnnotation(group, c)
    }
  })
  return { size: groups.length, dimensions, classes, tokens, shares, annotations }
}

/** (dimensions) of unit length. */
function meanToken({ image: { tokens, dimensions }, tokens: members }: TokenGroup): Float32Array {
  const mean = Float32Array.from(tokens.subarray(members[0] * dimensions, (members[0] + 1) * dimensions))
  if (members.length === 1) return mean
  for (const token of members.slice(1)) for (let d = 0; d < dimensions; d++) mean[d] += tokens[token * dimensions + d]
  const length = Math.hypot(...mean)
  return length === 0 ? mean : mean.map((value) => value / length)
}

function meanShare({ image: { shares, size }, tokens }: TokenGroup, c: number): number {
  return tokens.reduce((sum, token) => sum + shares[c * size + token], 0) / tokens.length
}

/** The annotation of the member that shows most of the class. */
function mainAnnotation({ image: { shares, annotations, size }, tokens }: TokenGroup, c: number): number {
  const at = (token: number) => c * size + token
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
