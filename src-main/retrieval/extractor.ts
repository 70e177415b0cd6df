import type { CribsheetError } from '../contract/index.ts'
import type { FrozenVit } from '../cribo/index.ts'
import type { RgbImage } from '../images/index.ts'
import { tf, type Tensor1D, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'
import { affinities } from './affinity.ts'
import type { FeatureBasis } from './basis.ts'
import type { KeptTokens } from './fit-basis.ts'
import type { ImageFeatures, ScaleFeatures } from './image-features.ts'
import { inputSize, PATCH } from './input-size.ts'
import { runNetwork, toTensors, type RawTokens } from './network.ts'
import { extractObjects, type ExtractedObject } from './objects.ts'
import { readAhead } from './read-ahead.ts'
import { decodeInputs, type SourceImage } from './source-image.ts'
import { combineDepths, project } from './tokens.ts'

/** What became of an image: one that cannot be read is named, and the rest goes on. */
export type Extraction<Image extends SourceImage> =
  | { image: Image; features: ImageFeatures; objects: ExtractedObject[]; problem: null }
  | { image: Image; features: null; objects: null; problem: CribsheetError }

export interface ExtractionOptions {
  signal?: AbortSignal | undefined
  /** From the fit of the basis; each image's are let go once they were used. */
  kept?: KeptTokens | undefined
}

/** What is known of an image before: its pictures for the network, or its tokens from the fit. */
type Input = { pictures: RgbImage[]; raw: null } | { pictures: null; raw: RawTokens }

/** Turns images into features and objects, with one network and one basis. */
export class FeatureExtractor {
  readonly basis: FeatureBasis
  readonly #vit: FrozenVit
  /** For each long side, for each depth. */
  readonly #means: Tensor1D[][]
  readonly #projection: Tensor2D | null

  /** @throws RangeError where the basis is another network's */
  constructor(vit: FrozenVit, basis: FeatureBasis) {
    if (basis.model !== vit.fingerprint) throw new RangeError('The basis was fitted with another network.')
    this.#vit = vit
    this.basis = basis
    this.#means = basis.means.map((depths) => depths.map((mean) => tf.tensor1d(mean)))
    this.#projection = projectionOf(basis)
  }

  /**
   * Yields what became of each image, in their order; the next ones are decoded meanwhile.
   *
   * @throws CribsheetError cancelled, between images
   */
  async *extract<Image extends SourceImage>(
    images: Iterable<Image>,
    { signal, kept }: ExtractionOptions = {},
  ): AsyncGenerator<Extraction<Image>> {
    for await (const { item: image, value, problem } of readAhead(images, (image) => this.#load(image, kept), signal)) {
      if (problem) yield { image, features: null, objects: null, problem }
      else yield { image, ...this.#describe(image, value), problem: null }
    }
  }

  async #load(image: SourceImage, kept: KeptTokens | undefined): Promise<Input> {
    const raw = kept?.get(image.file)
    if (!raw) return { pictures: await decodeInputs(image, this.basis.settings.longSides), raw: null }
    kept?.delete(image.file)
    return { pictures: null, raw }
  }

  #describe(image: SourceImage, input: Input): { features: ImageFeatures; objects: ExtractedObject[] } {
    const { longSides, objectsPerImage } = this.basis.settings
    const { width, height } = image
    const tokens = tf.tidy(() => this.#tokensOf(input).map((depths, scale) => this.#toBasis(depths, scale)))
    try {
      const scales = tokens.map((x, scale) => scaleFeatures(x, image, longSides[scale]))
      const objects = extractObjects(tokens[tokens.length - 1], scales[scales.length - 1], objectsPerImage, image)
      return { features: { width, height, scales }, objects }
    } finally {
      tf.dispose(tokens)
    }
  }

  #tokensOf({ pictures, raw }: Input): Tensor3D[][] {
    return pictures
      ? runNetwork(this.#vit, pictures, this.basis.settings.depths)
      : toTensors(raw, this.#vit.architecture.width)
  }

  /** The tokens of an image's depths as they are compared and stored: (1, n, dimensions), unit rows. */
  #toBasis(depths: Tensor3D[], scale: number): Tensor3D {
    const x = combineDepths(depths, this.#means[scale])
    return this.#projection ? project(x, this.#projection) : x
  }

  /** Gives back what it holds in TensorFlow; the network stays the caller's. */
  dispose(): void {
    tf.dispose(this.#means)
    this.#projection?.dispose()
  }
}

function scaleFeatures(tokens: Tensor3D, image: SourceImage, longSide: number): ScaleFeatures {
  const { width, height } = inputSize(image, longSide)
  return {
    longSide,
    columns: width / PATCH,
    rows: height / PATCH,
    dimensions: tokens.shape[2],
    tokens: new Float16Array(tokens.dataSync<'float32'>()),
    affinity: affinities(tokens)[0],
  }
}

function projectionOf({ projection }: FeatureBasis): Tensor2D | null {
  if (!projection) return null
  const { data, components } = projection
  return tf.tensor2d(data, [data.length / components, components])
}
