import { tf, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from '../tensorflow/index.ts'
import { normaliseRows } from './head.ts'
import type { Memory } from './memory.ts'

/*
 * Cycle-consistent nearest neighbours (section 3.3 of the paper). Objects of a batch and of the memory lie in places, B * K and M * K
 * of them in a row, of which only the valid ones take part.
 */

export interface Query {
  /** c_1 and c_2, the teacher's objects: (2, B, K, d), not normalised. */
  objects: Tensor4D
  /** (B, K), 1 or 0. */
  valid: Tensor2D
  /** (B) */
  images: Tensor1D
}

/** The neighbours of one direction. */
export interface Neighbours {
  /** Each object's nearest place of the memory, int32 (B K). */
  index: Tensor1D
  /** 1 where the object is valid and the way back ends at itself, else 0: (B K). */
  consistent: Tensor1D
  /** What lies there in the view searched, not normalised: (B K, d). */
  objects: Tensor2D
}

/** Below every cosine, by so much that it stays below when a cosine is added. */
const EXCLUDED = -8
/** Above it a similarity is one of places that take part. */
const LEAST_SIMILARITY = -2

/**
 * Both directions: j = argmax <c_1, q_1>, back through q_2[j] into the batch's c_2; j' = argmax <c_2, q_2>, back through q_1[j'] into
 * c_1. All vectors normalised.
 *
 * @param maskOwnImage leaves out places of the query's own image.
 */
export function nearestNeighbours(query: Query, memory: Memory, maskOwnImage: boolean): [Neighbours, Neighbours] {
  const [view1, view2] = tf.unstack(query.objects) as Tensor3D[]
  const excluded = excludedPlaces(query.images, memory, maskOwnImage)
  return [
    search(view1, view2, memory.objects1, memory.objects2, query.valid, excluded),
    search(view2, view1, memory.objects2, memory.objects1, query.valid, excluded),
  ]
}

/** EXCLUDED or 0 for each place of the memory, (1, M K), or for each image of the batch and each place, (B, M K). */
function excludedPlaces(images: Tensor1D, memory: Memory, maskOwnImage: boolean): Tensor2D {
  const [M, K] = memory.valid.shape
  const empty = tf.sub(1, memory.valid).mul<Tensor2D>(EXCLUDED)
  if (!maskOwnImage) return empty.reshape([1, M * K])
  const own = images
    .reshape([-1, 1, 1])
    .equal(memory.images.reshape([1, M, 1]))
    .cast('float32')
  return empty.add(own.mul(EXCLUDED)).reshape([-1, M * K])
}

/** From the batch's objects in one view through the memory to the batch's objects in the other. */
function search(
  from: Tensor3D,
  to: Tensor3D,
  searched: Tensor3D,
  paired: Tensor3D,
  valid: Tensor2D,
  excluded: Tensor2D,
): Neighbours {
  const [B, K, d] = from.shape
  const places = searched.shape[0] * searched.shape[1]
  const queries = normaliseRows(from.reshape<Tensor2D>([-1, d]))
  const memory = searched.reshape<Tensor2D>([places, d])
  const similarity = tf
    .matMul(queries, memory, false, true)
    .mul(inverseLengths(memory))
    .reshape([B, K, places])
    .add(excluded.reshape([-1, 1, places]))
    .reshape<Tensor2D>([-1, places])
  const index = similarity.argMax<Tensor1D>(1)

  const partners = normaliseRows(tf.gather(paired.reshape<Tensor2D>([places, d]), index))
  const goals = normaliseRows(to.reshape<Tensor2D>([-1, d]))
  const taking = tf.sub(1, valid).mul(EXCLUDED).reshape([1, -1])
  const back = tf.matMul(partners, goals, false, true).add<Tensor2D>(taking).argMax<Tensor1D>(1)
  const itself = back.equal(tf.onesLike(back).cumsum(0, true)).cast('float32')
  const found = similarity.max(1).greater(LEAST_SIMILARITY).cast('float32')
  return {
    index,
    consistent: itself.mul(found).mul(valid.reshape([-1])),
    objects: tf.gather(memory, index),
  }
}

/** 1 / max(||row||, 1e-12): (rows). Scaling similarities needs no normalised copy of the memory. */
function inverseLengths(rows: Tensor2D): Tensor1D {
  return tf.div(1, tf.maximum(tf.sqrt(rows.square().sum<Tensor1D>(1)), 1e-12))
}
