import type { Tensor } from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import type { Weights } from './layout.ts'
import type { Normalisation } from './patches.ts'

/** A backbone with its projection head: tensors under the names of a checkpoint, `backbone.cls_token`, `head.mlp.0.weight`. */
export type NetworkWeights = Weights

/** What training starts from. */
export interface InitialNetworks {
  architecture: VitArchitecture
  normalisation: Normalisation
  student: NetworkWeights
  /** Same names and shapes; may be the very tensors of the student. */
  teacher: NetworkWeights
}

/** Two views of each of B images. S is settings.imageSize, n = (S / 16)^2. */
export interface TrainingBatch {
  /** RGB bytes (2, B, S, S, 3). */
  pixels: Uint8Array
  /** Of every patch's centre in pixels of the source image, x then y: (2, B, n, 2). */
  positions: Float32Array
  /** Which images these are, (B): whole numbers from 0. */
  imageIds: Int32Array
}

/** What chance decides in a step. */
export interface StepDraws {
  /** The tokens that the clusters start from, distinct in an image: (B, K), of 0 .. 2n - 1. */
  seeds: Int32Array
  /** Stochastic depth, see DropPath.keep: (branches, 2 B). Empty where the rate is 0. */
  keep: Float32Array
}

/** What a step tells. */
export interface StepMetrics {
  /** Image level, object level, cross-image: without their weights; the third is 0 as long as it does not count. */
  losses: { image: number; object: number; crossImage: number }
  /** Their weighted sum. */
  loss: number
  /** Mean entropy of the teacher's assignments of objects to prototypes, in nats: near 0 or near log H is a collapse. */
  teacherEntropy: number
  /** Mean over the channels of the variance of the teacher's patch tokens: near 0 is a collapse. */
  tokenVariance: number
  /** Valid objects of the batch. */
  objects: number
  /** Share of the objects' matches, of both directions, that are cycle-consistent. */
  consistent: number
  /** Of all trained weights, before clipping. */
  gradientNorm: number
}

/**
 * Everything a step starts from, by name: `student.*`, `teacher.*`, `moment1.*`, `moment2.*`, `start.*` (where there is a pull toward
 * it), `centre.image`, `centre.object`, `memory.*`, `counters`. Linear maps are (in, out). Float32 throughout.
 */
export type TrainingState = Record<string, Tensor>
