import { CribsheetError, type OnProgress } from '../contract/index.ts'
import type { FrozenVit } from '../cribo/index.ts'
import { executeOp, tf, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'
import { BASIS_IMAGES, makeBasis, type FeatureBasis } from './basis.ts'
import { evenlySpread } from './evenly-spread.ts'
import { fromTensors, runNetwork, toTensors, type RawTokens } from './network.ts'
import { readAhead } from './read-ahead.ts'
import type { FeatureSettings } from './settings.ts'
import { decodeInputs, type SourceImage } from './source-image.ts'
import { combineDepths } from './tokens.ts'

/** Tokens of images that were run for a fit, by file: extraction need not run these again. */
export type KeptTokens = Map<string, RawTokens>

/** Of tokens at most so many bytes are kept, some 60 images with ViT-Ti. */
const KEPT_BYTES = 128 * 2 ** 20

export interface FitOptions {
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
}

/**
 * Fits the basis of a folder: the means over at most 64 of its images, evenly spread over their order, the projection over as many of
 * these as are kept. Images that cannot be read are passed over.
 *
 * @throws CribsheetError cancelled; folder-empty where not one image can be read
 */
export async function fitBasis(
  vit: FrozenVit,
  settings: FeatureSettings,
  images: SourceImage[],
  { signal, onProgress }: FitOptions = {},
): Promise<{ basis: FeatureBasis; kept: KeptTokens }> {
  const sample = evenlySpread(images, BASIS_IMAGES)
  const load = (image: SourceImage) => decodeInputs(image, settings.longSides)
  const means = new MeanTokens(settings, vit.architecture.width)
  const kept = new KeptImages()
  let done = 0
  for await (const { item, value: pictures } of readAhead(sample, load, signal)) {
    if (pictures)
      tf.tidy(() => {
        const scales = runNetwork(vit, pictures, settings.depths)
        means.add(scales)
        kept.add(item.file, scales)
      })
    onProgress?.({ phase: 'Sampling the folder', done: ++done, total: sample.length, rate: null, secondsLeft: null })
  }
  if (means.images === 0) throw nothingToRead()
  const projection = fitProjection(kept.tokens.values(), means.finish(), settings)
  const basis = makeBasis({ model: vit.fingerprint, settings, images: means.images, means: means.finish(), projection })
  return { basis, kept: kept.tokens }
}

function nothingToRead(): CribsheetError {
  return new CribsheetError('folder-empty', 'There is no image that can be read.', {
    advice: 'Put images into the folder, then scan it again.',
  })
}

/** Adds up tokens for each long side and depth. */
class MeanTokens {
  readonly #sums: Float64Array[][]
  readonly #counts: number[]
  images = 0

  constructor({ longSides, depths }: FeatureSettings, width: number) {
    this.#sums = longSides.map(() => depths.map(() => new Float64Array(width)))
    this.#counts = longSides.map(() => 0)
  }

  add(scales: Tensor3D[][]): void {
    this.images++
    scales.forEach((depths, scale) => {
      this.#counts[scale] += depths[0].shape[1]
      depths.forEach((tokens, depth) => {
        const sums = this.#sums[scale][depth]
        const added = tokens.sum([0, 1])
        added.dataSync<'float32'>().forEach((sum, i) => (sums[i] += sum))
        added.dispose()
      })
    })
  }

  finish(): Float32Array[][] {
    return this.#sums.map((depths, scale) =>
      depths.map((sums) => Float32Array.from(sums, (sum) => sum / this.#counts[scale])),
    )
  }
}

/** The first images' tokens, as many as the memory allows. */
class KeptImages {
  readonly tokens: KeptTokens = new Map()
  #bytes = 0

  add(file: string, scales: Tensor3D[][]): void {
    const bytes = Float16Array.BYTES_PER_ELEMENT * scales.flat().reduce((sum, tokens) => sum + tokens.size, 0)
    if (this.tokens.size > 0 && this.#bytes + bytes > KEPT_BYTES) return
    this.#bytes += bytes
    this.tokens.set(file, fromTensors(scales))
  }
}

/**
 * The leading eigenvectors of X^T X. X is not centred once more: what must survive are the cosines, X X^T, and of all projections
 * this one loses the least of them (Eckart and Young).
 */
function fitProjection(
  images: Iterable<RawTokens>,
  means: Float32Array[][],
  { components, depths }: FeatureSettings,
): FeatureBasis['projection'] {
  const dimensions = depths.length * means[0][0].length
  if (components === null || components >= dimensions) return null
  const leading = tf.tidy(() => {
    const vectors = eigenvectors(secondMoments(images, means))
    return vectors.slice([0, dimensions - components], [dimensions, components])
  })
  const data = leading.dataSync<'float32'>()
  leading.dispose()
  return { components, data }
}

/** X^T X over all tokens: (dimensions, dimensions). */
function secondMoments(images: Iterable<RawTokens>, means: Float32Array[][]): Tensor2D {
  const width = means[0][0].length
  const dimensions = means[0].length * width
  let sum: Tensor2D = tf.zeros([dimensions, dimensions])
  for (const raw of images) {
    const before = sum
    sum = tf.tidy(() => {
      const products = toTensors(raw, width).map((tokens, scale) => {
        const ofScale = means[scale].map((mean) => tf.tensor1d(mean))
        const x = combineDepths(tokens, ofScale).reshape<Tensor2D>([-1, dimensions])
        return tf.matMul(x, x, true, false)
      })
      return products.reduce<Tensor2D>((total, product) => total.add(product), before)
    })
    before.dispose()
  }
  return sum
}

/** Of a symmetric matrix, as columns, by ascending eigenvalue. */
function eigenvectors(matrix: Tensor2D): Tensor2D {
  const [, vectors] = executeOp('SelfAdjointEigV2', { compute_v: true, T: 'float32' }, [matrix], 2)
  return vectors as Tensor2D
}
