import type { RunLengths } from '../contract/index.ts'
import type { RgbImage } from '../images/index.ts'
import { colourBins } from './colour-histograms.ts'
import { coverage } from './coverage.ts'
import { stepCosts } from './geodesic.ts'
import type { Affinity, ImageFeatures, ScaleFeatures } from './image-features.ts'
import type { Grid } from './probability-maps.ts'

/** What is known of an image before any click. */
export interface ClickableImage {
  /** Of the upright image. */
  width: number
  height: number
  scales: ClickableScale[]
  workImage: RgbImage
  /** The Lab bin of each pixel of the work image. */
  colours: Uint16Array
}

export interface ClickableScale extends Grid {
  dimensions: number
  /** (n, dimensions) unit rows. */
  tokens: Float32Array
  affinity: Affinity
  /** (K, dimensions) unit rows: the mean of the tokens of each of the image's objects. */
  objects: Float32Array
  /** (n, K) exp((cosine - 1) / T) of each token with each object: how much it looks like it, not yet as a share. */
  likeness: Float32Array
  /** (n) the object that has most of each token's cell. */
  owners: Uint16Array
  /** What it costs to go from a token to its neighbours: see `stepCosts`. */
  costs: Float32Array
}

/** T: how sharply a token belongs to what it looks like. */
const temperature = 0.05
/** Costs are counted between tokens that are so much themselves, and for the rest the object that they belong to: texture costs less. */
const shareOfToken = 0.7

/** @param objects the masks of the image's objects, on the token grid of one scale */
export function prepareImage(features: ImageFeatures, workImage: RgbImage, objects: RunLengths[]): ClickableImage {
  const { width, height } = features
  const scales = features.scales.map((scale) => prepareScale(scale, objects))
  return { width, height, scales, workImage, colours: colourBins(workImage.data) }
}

function prepareScale(scale: ScaleFeatures, masks: RunLengths[]): ClickableScale {
  const { columns, rows, dimensions, affinity } = scale
  const tokens = Float32Array.from(scale.tokens)
  const covers = masks.map((mask) => coverage(mask, scale))
  const objects = new Float32Array(masks.length * dimensions)
  covers.forEach((cover, k) => objects.set(meanToken(tokens, cover, dimensions), k * dimensions))
  const likeness = likenessOf(tokens, objects, dimensions)
  const owners = ownersOf(covers, columns * rows)
  const mixed = towardsObjects(tokens, objects, likeness, dimensions)
  const costs = stepCosts(mixed, { columns, rows }, dimensions)
  return { columns, rows, dimensions, tokens, affinity, objects, likeness, owners, costs }
}

function meanToken(tokens: Float32Array, cover: Float32Array, dimensions: number): Float32Array {
  const sum = new Float32Array(dimensions)
  cover.forEach((share, token) => {
    if (share === 0) return
    for (let i = 0; i < dimensions; i++) sum[i] += share * tokens[token * dimensions + i]
  })
  return unit(sum)
}

function ownersOf(covers: Float32Array[], tokens: number): Uint16Array {
  return Uint16Array.from({ length: tokens }, (_, token) => {
    let owner = 0
    for (let k = 1; k < covers.length; k++) if (covers[k][token] > covers[owner][token]) owner = k
    return owner
  })
}

/** exp((cosine - 1) / T) of each of n rows with each of m others: (n, m). */
export function likenessOf(rows: Float32Array, others: Float32Array, dimensions: number): Float32Array {
  const [n, m] = [rows.length / dimensions, others.length / dimensions]
  const likeness = new Float32Array(n * m)
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < m; j++, at++) {
      let cosine = 0
      for (let a = i * dimensions, b = j * dimensions, end = a + dimensions; a < end; a++, b++)
        cosine += rows[a] * others[b]
      likeness[at] = Math.exp((cosine - 1) / temperature)
    }
  }
  return likeness
}

/** Each token mixed with the objects that it looks like. */
function towardsObjects(
  tokens: Float32Array,
  objects: Float32Array,
  likeness: Float32Array,
  dimensions: number,
): Float32Array {
  const count = objects.length / dimensions
  const mixed = new Float32Array(tokens.length)
  for (let token = 0; token < tokens.length / dimensions; token++) {
    const likes = likeness.subarray(token * count, (token + 1) * count)
    const sum = likes.reduce((total, each) => total + each, 0)
    const mixture = tokens.slice(token * dimensions, (token + 1) * dimensions).map((value) => shareOfToken * value)
    likes.forEach((like, k) => {
      if (like < 1e-3 * sum) return
      const share = ((1 - shareOfToken) * like) / sum
      for (let i = 0; i < dimensions; i++) mixture[i] += share * objects[k * dimensions + i]
    })
    mixed.set(unit(mixture), token * dimensions)
  }
  return mixed
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1
  return vector.map((value) => value / length)
}
