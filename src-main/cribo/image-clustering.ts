import { CribsheetError } from '../contract/index.ts'
import { tf, type Tensor, type Tensor1D, type Tensor2D } from '../tensorflow/index.ts'
import { clusteringDefaults, type ClusteringSettings } from './clustering-settings.ts'
import { leastGridDistances, type TokenGrid } from './grid-distances.ts'
import { normaliseRows } from './head.ts'

/*
 * CrIBo's clustering for one image and one view, to find its objects: the steps of clustering.ts, which is for batches in training,
 * with tokens on a grid and the small arrays on the host, which is several times faster. An exact tie goes to the first cluster.
 */

export interface ImageClusteringSettings extends ClusteringSettings {
  /** K, the most clusters there can be; an image of few objects gets fewer. */
  clusters: number
}

/** (n, K) numbers, row-major. */
type Plan = Float64Array
/** What a tensor is read into. */
type Numbers = Float32Array | Int32Array | Uint8Array

/**
 * Which tokens of an image are one object.
 *
 * @param tokens (n, d), n = rows * columns, of any length.
 * @returns for each token its cluster, 0 to K - 1; not every cluster need have a token. The same for the same tokens.
 * @throws CribsheetError argument-invalid where the number of clusters is not a positive integer or the grid is not the tokens'.
 */
export function clusterImage(
  tokens: Tensor2D,
  grid: TokenGrid,
  options: Partial<ImageClusteringSettings> & { clusters: number },
): Int32Array {
  const n = tokens.shape[0]
  if (!Number.isInteger(options.clusters) || options.clusters < 1 || grid.rows * grid.columns !== n)
    throw new CribsheetError(
      'argument-invalid',
      `${n} tokens on ${grid.rows} x ${grid.columns} places cannot be put into ${options.clusters} clusters.`,
      { advice: 'Ask for one cluster or more.' },
    )
  const settings = { ...clusteringDefaults, ...options, clusters: Math.min(options.clusters, n) }
  const unit = tf.tidy(() => normaliseRows(tokens))
  try {
    return iterate(unit, grid, settings)
  } finally {
    unit.dispose()
  }
}

function iterate(tokens: Tensor2D, grid: TokenGrid, settings: ImageClusteringSettings): Int32Array {
  const { clusters: K, alpha, iterations } = settings
  let assignment = seedAssignment(tokens, K)
  let shares: Float64Array = new Float64Array(K).fill(1 / K)
  for (let i = 0; i < iterations; i++) {
    const positionCost = positionCostOf(leastGridDistances(assignment, grid, K))
    const cost = costOf(similarities(tokens, assignment, K), positionCost, alpha)
    assignment = transport(cost, shares, settings)
    shares = sharesOf(assignment, settings)
  }
  return assignment
}

/** Each cluster holds its seed; the other tokens are in none yet, which is written as K. */
function seedAssignment(tokens: Tensor2D, K: number): Int32Array {
  const assignment = new Int32Array(tokens.shape[0]).fill(K)
  const seeds = farthestPoints(tokens, K)
  for (let cluster = 0; cluster < K; cluster++) assignment[seeds[cluster]] = cluster
  return assignment
}

/** The token most like the mean of all, then always the one least like the most similar of those chosen. */
export function farthestPoints(tokens: Tensor2D, K: number): Numbers {
  const likeness = (point: Tensor2D) => tf.matMul(tokens, point, false, true).reshape<Tensor1D>([-1])
  const chosen = tf.tidy(() => {
    let point = likeness(tokens.mean(0, true)).argMax<Tensor1D>(0).reshape<Tensor1D>([1])
    let nearest = likeness(tf.gather(tokens, point))
    const points = [point]
    while (points.length < K) {
      point = nearest.argMin(0).reshape([1])
      nearest = nearest.maximum(likeness(tf.gather(tokens, point)))
      points.push(point)
    }
    return tf.concat(points)
  })
  return readAndDispose(chosen)
}

/** S of tokens (n, d) of unit length with the centroids of their clusters, (n, K). */
function similarities(tokens: Tensor2D, assignment: Int32Array, K: number): Numbers {
  const similarity = tf.tidy(() => {
    const cluster = tf.range(0, K, 1, 'int32') // not oneHot, which refuses a single class
    const membership = tf.tensor2d(assignment, [assignment.length, 1], 'int32').equal(cluster).cast('float32')
    const centroids = normaliseRows(tf.matMul(membership, tokens, true))
    return tf.matMul(tokens, centroids, false, true)
  })
  return readAndDispose(similarity)
}

/** Not to be done inside tidy, which would search the numbers for tensors one by one. */
function readAndDispose(tensor: Tensor): Numbers {
  const values = tensor.dataSync()
  tensor.dispose()
  return values
}

/** Q in place of distances: none (0) counts as the image's mean, then the largest is 1. */
function positionCostOf(distances: Plan): Plan {
  let sum = 0
  let largest = 0
  for (const distance of distances) {
    sum += distance
    if (distance > largest) largest = distance
  }
  if (largest === 0) return distances // a single token
  const mean = sum / distances.length
  for (let i = 0; i < distances.length; i++) distances[i] = (distances[i] || mean) / largest
  return distances
}

/** M = -S + alpha Q, scaled to [0, 1]. */
function costOf(similarity: Numbers, positionCost: Plan, alpha: number): Plan {
  const cost = new Float64Array(positionCost.length)
  let least = Infinity
  let largest = -Infinity
  for (let i = 0; i < cost.length; i++) {
    const value = alpha * positionCost[i] - similarity[i]
    if (value < least) least = value
    if (value > largest) largest = value
    cost[i] = value
  }
  const range = largest - least || 1
  for (let i = 0; i < cost.length; i++) cost[i] = (cost[i] - least) / range
  return cost
}

/**
 * Sinkhorn and Knopp's plan diag(u) exp(-lambda M) diag(v), with rows scaled to 1/n by u and columns to the shares by v in turn; of
 * each row the cluster with the largest entry, for which u does not matter.
 */
function transport(cost: Plan, shares: Float64Array, settings: ImageClusteringSettings): Int32Array {
  const { clusters: K, lambda, sinkhornIterations } = settings
  const n = cost.length / K
  const kernel = new Float64Array(cost.length)
  for (let i = 0; i < cost.length; i++) kernel[i] = Math.exp(-lambda * cost[i])
  const v = new Float64Array(K).fill(1)
  const columnSums = new Float64Array(K)
  for (let iteration = 0; iteration < sinkhornIterations; iteration++) {
    columnSums.fill(0)
    for (let row = 0; row < kernel.length; row += K) {
      let rowSum = 0
      for (let k = 0; k < K; k++) rowSum += kernel[row + k] * v[k]
      const u = 1 / (n * rowSum)
      for (let k = 0; k < K; k++) columnSums[k] += kernel[row + k] * u
    }
    for (let k = 0; k < K; k++) v[k] = shares[k] / columnSums[k]
  }
  return largestOfRows(kernel, v)
}

function largestOfRows(kernel: Plan, v: Float64Array): Int32Array {
  const K = v.length
  const assignment = new Int32Array(kernel.length / K)
  for (let i = 0; i < assignment.length; i++) {
    let largest = -1
    for (let k = 0; k < K; k++) {
      const entry = kernel[i * K + k] * v[k]
      if (entry <= largest) continue
      largest = entry
      assignment[i] = k
    }
  }
  return assignment
}

/** Counts of tokens plus a little, to sum 1. */
function sharesOf(assignment: Int32Array, { clusters: K, countOffset }: ImageClusteringSettings): Float64Array {
  const counts = new Float64Array(K).fill(countOffset)
  for (const cluster of assignment) counts[cluster]++
  const sum = assignment.length + K * countOffset
  return counts.map((count) => count / sum)
}
