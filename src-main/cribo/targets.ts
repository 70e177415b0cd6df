import { tf, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import { clusterTokens, joinViews, objectsOf } from './clustering.ts'
import type { Weights } from './layout.ts'
import { crossImageWeights, meanWeights } from './losses.ts'
import type { Memory } from './memory.ts'
import { nearestNeighbours, type Neighbours } from './nearest-neighbours.ts'
import { resizePositions } from './position-embedding.ts'
import type { TrainingSettings } from './training-settings.ts'
import { vit } from './vit.ts'

const VIEWS = 2

/** A batch as tensors: B images, n patches a view. */
export interface BatchTensors {
  /** Normalised, view 1's images first: (2 B, n, 768). */
  patches: Tensor3D
  /** Of the position embedding, see resizeMatrix: (n, grid * grid). */
  resize: Tensor2D
  /** (2, B, n, 2) */
  positions: Tensor4D
  /** (B) */
  images: Tensor1D
  /** (B, K) int32 */
  seeds: Tensor2D
}

/**
 * What the teacher says about a batch, without gradient. The weights are over the whole batch (each level's sum to 1, or to 0 where
 * nothing counts), so that the losses of parts of a batch add up to the whole's.
 */
export interface Targets {
  /** A, which token belongs to which object: (B, 2n, K). */
  assignment: Tensor3D
  /** [CLS] tokens (2, B, d). */
  cls: Tensor3D
  /** c_1, c_2: (2, B, K, d). */
  objects: Tensor4D
  /** q_1[j], q_2[j']: (2, B, K, d). */
  neighbours: Tensor4D
  /** (B) */
  imageWeights: Tensor1D
  /** (B, K) */
  objectWeights: Tensor2D
  /** Of the two directions, (2, B, K). */
  crossImageWeights: Tensor3D
}

/** The targets, and what else is known on the way to them. */
export interface TeacherSide {
  targets: Targets
  /** (B, K), 1 where the object is in both views. */
  valid: Tensor2D
  directions: [Neighbours, Neighbours]
}

/** All tokens of the teacher for images of both views, (2 B, 1 + n, d). */
export function teacherTokens(
  { patches, resize }: Pick<BatchTensors, 'patches' | 'resize'>,
  backbone: Weights,
  architecture: VitArchitecture,
): Tensor3D {
  return vit(patches, resizePositions(backbone.pos_embed as Tensor3D, resize), backbone, architecture)
}

/** The joint clustering of the teacher's tokens (2 B, 1 + n, d), the objects, and their neighbours in the memory. */
export function teacherSide(
  tokens: Tensor3D,
  batch: Pick<BatchTensors, 'positions' | 'images' | 'seeds'>,
  memory: Memory,
  settings: TrainingSettings,
): TeacherSide {
  const joint = joinViews(tokens, VIEWS)
  const [B, , d] = joint.shape
  const K = batch.seeds.shape[1]
  const positions = batch.positions.transpose([1, 0, 2, 3]).reshape<Tensor3D>([B, -1, 2])
  const assignment = clusterTokens(joint, positions, batch.seeds, settings.clustering)
  const { means: objects, valid } = objectsOf(joint, assignment, VIEWS)
  const query = { objects, valid, images: batch.images }
  const directions = nearestNeighbours(query, memory, settings.memory.maskOwnImage)
  const weights = crossImageWeights(directions[0].consistent, directions[1].consistent, settings.losses.crossImageCount)
  const targets = {
    assignment,
    cls: clsOf(tokens).reshape<Tensor3D>([VIEWS, B, d]),
    objects,
    neighbours: tf.stack(directions.map(({ objects }) => objects)).reshape<Tensor4D>([VIEWS, B, K, d]),
    imageWeights: meanWeights(tf.onesLike(batch.images)),
    objectWeights: meanWeights(valid.reshape([-1])).reshape<Tensor2D>([B, K]),
    crossImageWeights: tf.stack(weights).reshape<Tensor3D>([VIEWS, B, K]),
  }
  return { targets, valid, directions }
}

/** (N, 1 + n, d) -> the [CLS] tokens (N, d). */
export function clsOf(tokens: Tensor3D): Tensor2D {
  return tokens.slice([0, 0, 0], [-1, 1, -1]).reshape([-1, tokens.shape[2]])
}
