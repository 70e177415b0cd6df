import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  basisJob,
  embedJob,
  type BasisSummary,
  type EmbeddedImage,
  type Engine,
  type FeatureOptions,
} from '../jobs/index.ts'
import type { WeightsChoice } from './choose-weights.ts'
import type { Operation } from './operation.ts'

/** An image whose tokens can be computed. */
export interface EmbeddableImage {
  imageId: number
  file: string
  /** Upright, in pixels. */
  width: number
  height: number
  /** A name for the content of the file: images of one content share their tokens. */
  content: string
}

/** Of a fingerprint, in the names of files: enough that no two are alike. */
const shortLength = 16

/** Tokens on the disk, a cache: for each network a basis, for each basis a file an image. */
export class FeatureFolder {
  readonly #folder: string
  readonly #weights: WeightsChoice

  constructor(folder: string, weights: WeightsChoice) {
    this.#folder = folder
    this.#weights = weights
  }

  get basisFile(): string {
    return join(this.#folder, `basis-${this.#weights.model.fingerprint.slice(0, shortLength)}.safetensors`)
  }

  /** What is made with one basis. */
  folderOf(basis: string): string {
    return join(this.#folder, basis.slice(0, shortLength))
  }

  featuresFile(basis: string, { content }: { content: string }): string {
    return join(this.folderOf(basis), `${content}.safetensors`)
  }

  has(basis: string, image: { content: string }): boolean {
    return existsSync(this.featuresFile(basis, image))
  }

  /** The basis of these images: the one that is there where it still serves, else a new one. */
  async findBasis(
    engine: Engine,
    options: FeatureOptions,
    images: EmbeddableImage[],
    operation: Operation,
  ): Promise<BasisSummary> {
    await mkdir(this.#folder, { recursive: true })
    const request = { weights: this.#weights.weights, options, basisFile: this.basisFile, images }
    return engine.run(basisJob, request, operation)
  }

  /** Computes the tokens of images by the basis that is there. @returns seconds that it took */
  async compute(
    engine: Engine,
    basis: string,
    images: EmbeddableImage[],
    options: Operation & { onResult: (image: EmbeddedImage) => void },
  ): Promise<number> {
    if (images.length === 0) return 0
    await mkdir(this.folderOf(basis), { recursive: true })
    await this.#removeUnfinished(basis)
    const withFiles = images.map((image) => ({ ...image, featuresFile: this.featuresFile(basis, image) }))
    const request = { weights: this.#weights.weights, basisFile: this.basisFile, images: withFiles }
    const { seconds } = await engine.run(embedJob, request, options)
    return seconds
  }

  /** What an engine that was killed had begun to write. */
  async #removeUnfinished(basis: string): Promise<void> {
    const folder = this.folderOf(basis)
    for (const name of await readdir(folder)) if (name.endsWith('.part')) await rm(join(folder, name))
  }
}
