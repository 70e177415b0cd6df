import {
  executeOp,
  tf,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '../tensorflow/index.ts'
import { clusteringDefaults, type ClusteringSettings } from './clustering-settings.ts'
import { normaliseRows } from './head.ts'

/*
 * Objects: the joint-view clustering of CrIBo (section 3.2 and the authors' code), which is batch-wise and has no gradient.
 * B images, m tokens of an image (of both views, view 1's first; or of one), K clusters, d the length of a token.
 */

/** What one iteration computes, in its order. */
export interface ClusteringIteration {
  /** Least non-zero distance of a token to a cluster, 0 where there is none: (B, m, K). */
  distance: Tensor3D
  /** The same, filled and scaled: Q (B, m, K). */
  positionCost: Tensor3D
  /** M, in [0, 1] over the batch: (B, m, K). */
  cost: Tensor3D
  /** c, the share of tokens each cluster was to get: (B, K). */
  shares: Tensor2D
  /** P (B, m, K). */
  plan: Tensor3D
  /** A (B, m, K): 1 where P has its row's maximum. Exact ties give a row with several ones, as in the authors' code. */
  assignment: Tensor3D
  /** Of unit length: (B, K, d). */
  centroids: Tensor3D
}

/** Stands for "no distance" while the least one is sought: larger than any image. */
const FAR = 1e5
const NAN_PLAN = 1e-8

/** Euclidean distances between the positions of an image's tokens, (B, m, 2) -> (B, m, m), with FAR in place of 0. */
function distances(positions: Tensor3D): Tensor3D {
  const [B, m] = positions.shape
  const [x, y] = tf.unstack(positions, 2)
  const squared = (along: Tensor): Tensor =>
    along
      .reshape([B, m, 1])
      .sub(along.reshape([B, 1, m]))
      .square()
  const distance = tf.sqrt(squared(x).add<Tensor3D>(squared(y)))
  return tf.where(distance.equal(0), FAR, distance)
}

/**
 * The tokens that belong to a cluster, as the ones of an assignment (B, m, K): for each, the row of its token among all B * m, and
 * its cluster among all B * K.
 */
function memberships(assignment: Tensor3D): { token: Tensor1D; cluster: Tensor1D } {
  const [, m, K] = assignment.shape
  const flat = assignment.cast('int32').reshape([-1])
  const index = tf.onesLike(flat).cumsum(0, true)
  const [, ones] = executeOp('DynamicPartition', { num_partitions: 2, T: 'int32' }, [index, flat], 2)
  const token = ones.floorDiv<Tensor1D>(tf.scalar(K, 'int32'))
  const image = token.floorDiv(tf.scalar(m, 'int32'))
  const cluster = ones.mod(tf.scalar(K, 'int32')).add<Tensor1D>(image.mul(tf.scalar(K, 'int32')))
  return { token, cluster }
}

/** Least non-zero distance from each token to a token of each cluster, 0 where there is none: (B, m, K). */
function leastDistances(between: Tensor3D, assignment: Tensor3D): Tensor3D {
  const [B, m, K] = assignment.shape
  const { token, cluster } = memberships(assignment)
  const rows = tf.gather(between.reshape<Tensor2D>([-1, m]), token)
  const [least] = executeOp('UnsortedSegmentMin', { T: 'float32', Tindices: 'int32', Tnumsegments: 'int32' }, [
    rows,
    cluster,
    tf.scalar(B * K, 'int32'),
  ])
  const byToken = least.reshape([B, K, m]).transpose<Tensor3D>([0, 2, 1])
  return tf.where(byToken.less(FAR), byToken, 0)
}

/** Q: no distance counts as the image's mean, then the largest of the image is 1. */
function positionCostOf(distance: Tensor3D): Tensor3D {
  const filled = tf.where(distance.equal(0), distance.mean([1, 2], true), distance)
  return filled.div(filled.max([1, 2], true))
}

/** M = -S + alpha Q, scaled to [0, 1] over the whole batch. */
function costOf(similarity: Tensor3D, positionCost: Tensor3D, alpha: number): Tensor3D {
  const cost = positionCost.mul(alpha).sub<Tensor3D>(similarity)
  const least = cost.min()
  return cost.sub<Tensor3D>(least).div(cost.max().sub(least))
}

/** The plan closest to exp(-lambda M) with 1/m in every row and `shares` (B, K) in the columns, by Sinkhorn and Knopp. */
function sinkhorn(cost: Tensor3D, shares: Tensor2D, { lambda, sinkhornIterations }: ClusteringSettings): Tensor3D {
  const [B, , K] = cost.shape
  const columns = shares.reshape([B, 1, K])
  let plan: Tensor3D = cost.mul<Tensor3D>(-lambda).exp()
  plan = plan.div(plan.sum([1, 2], true))
  for (let i = 0; i < sinkhornIterations; i++) {
    plan = plan.mul(tf.scalar(1 / cost.shape[1]).div(plan.sum(2, true)))
    plan = plan.mul(columns.div(plan.sum(1, true)))
  }
  return tf.where(plan.isNaN(), NAN_PLAN, plan)
}

/** The iterations one after the other; the last one's assignment is the result. */
export function* clusteringIterations(
  tokens: Tensor3D,
  positions: Tensor3D,
  seeds: Tensor2D,
  settings: ClusteringSettings,
): Generator<ClusteringIteration> {
  const [B, m] = tokens.shape
  const K = seeds.shape[1]
  const t = normaliseRows(tokens)
  const between = distances(positions)
  let assignment: Tensor3D = tf.cast(tf.oneHot(seeds, m).transpose([0, 2, 1]), 'float32')
  let centroids: Tensor3D = tf.matMul(assignment, t, true)
  let shares: Tensor2D = tf.fill([B, K], 1 / K)
  for (let i = 0; i < settings.iterations; i++) {
    const distance = leastDistances(between, assignment)
    const positionCost = positionCostOf(distance)
    const cost = costOf(tf.matMul(t, centroids, false, true), positionCost, settings.alpha)
    const plan = sinkhorn(cost, shares, settings)
    assignment = tf.cast(plan.equal<Tensor3D>(plan.max(2, true)), 'float32')
    centroids = normaliseRows<Tensor3D>(tf.matMul(assignment, t, true))
    yield { distance, positionCost, cost, shares, plan, assignment, centroids }
    const counts = assignment.sum<Tensor2D>(1).add(settings.countOffset)
    shares = counts.div(counts.sum(1, true))
  }
}

/**
 * CrIBo's clustering of a batch: which tokens of an image are one object.
 *
 * @param tokens (B, m, d) of the teacher, both views' joined, [CLS] left out, not normalised.
 * @param positions (B, m, 2) of the tokens in pixels of the source image.
 * @param seeds (B, K) int32, distinct: the tokens that the clusters start from.
 * @returns A (B, m, K), 1 where the token belongs to the cluster, else 0.
 */
export function clusterTokens(
  tokens: Tensor3D,
  positions: Tensor3D,
  seeds: Tensor2D,
  settings: Partial<ClusteringSettings> = {},
): Tensor3D {
  return tf.tidy(() => {
    const iterations = [...clusteringIterations(tokens, positions, seeds, { ...clusteringDefaults, ...settings })]
    return iterations[iterations.length - 1].assignment
  })
}

/** (V * B, 1 + n, d) tokens of the views, one view's images after the other's -> (B, V * n, d), [CLS] left out. */
export function joinViews(tokens: Tensor3D, views: number): Tensor3D {
  return tf.tidy(() => {
    const [images, length, width] = tokens.shape
    const patches = tokens.slice([0, 1, 0], [-1, -1, -1]).reshape<Tensor4D>([views, images / views, length - 1, width])
    return patches.transpose([1, 0, 2, 3]).reshape([images / views, -1, width])
  })
}

export interface Objects {
  /** The mean of a view's tokens in a cluster, (V, B, K, d): c_v^k. Zeros where it has none. */
  means: Tensor4D
  /** (B, K), 1 where the cluster has a token in every view, else 0: only such an object counts. */
  valid: Tensor2D
}

/**
 * Objects of the views from the joint tokens (B, V * n, d), not normalised, of teacher or student, and the teacher's assignment
 * (B, V * n, K).
 */
export function objectsOf(tokens: Tensor3D, assignment: Tensor3D, views = 2): Objects {
  return tf.tidy(() => {
    const tokensOfViews = tf.split(tokens, views, 1)
    const assignmentOfViews = tf.split(assignment, views, 1)
    const counts = tf.stack(assignmentOfViews.map((view) => view.sum(1)))
    const sums = tf.stack(assignmentOfViews.map((view, v) => tf.matMul(view, tokensOfViews[v], true)))
    const means = sums.div<Tensor4D>(counts.maximum(1).reshape([...counts.shape, 1]))
    return { means, valid: tf.cast(tf.all<Tensor2D>(counts.greater(0), 0), 'float32') }
  })
}
