import type { ObjectIndex } from './object-index.ts'

/** As many objects say how all of them lie. */
const sampled = 4096
const iterations = 40

/**
 * All objects on a plane, alike ones near each other: their two principal components (of an even sample, by subspace iteration).
 *
 * @returns (n, 2), x and y of each from 0 to 1
 */
export function mapObjects(index: ObjectIndex): Float32Array {
  const points = new Float32Array(2 * index.size)
  const rows = index.sample(sampled)
  if (rows.length === 0) return points
  const mean = meanOf(rows)
  const axes = principalAxes(rows, mean)
  axes.forEach((axis, k) => {
    // The mean moves every product alike, which the scaling takes away.
    const products = index.products(axis)
    const [low, high] = extent(products)
    products.forEach((product, row) => {
      points[2 * row + k] = high > low ? (product - low) / (high - low) : 0.5
    })
  })
  return points
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(rows[0].length)
  for (const row of rows) for (let i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length
  return mean
}

/** Two directions of unit length, at right angles, along which the rows differ most. */
function principalAxes(rows: readonly Float32Array[], mean: Float32Array): [Float32Array, Float32Array] {
  // A fixed start, so that the map is the same each time.
  let first = unit(mean.map((_, i) => Math.sin(1 + i)))
  let second = unit(mean.map((_, i) => Math.cos(2 + 3 * i)))
  for (let i = 0; i < iterations; i++) {
    first = unit(timesCovariance(rows, mean, first))
    second = unit(without(timesCovariance(rows, mean, second), first))
  }
  return [first, second]
}

/** sum over the rows of (row - mean) ((row - mean) . vector) */
function timesCovariance(rows: readonly Float32Array[], mean: Float32Array, vector: Float32Array): Float32Array {
  const result = new Float32Array(mean.length)
  const offset = dot(mean, vector)
  for (const row of rows) {
    const product = dot(row, vector) - offset
    for (let i = 0; i < result.length; i++) result[i] += product * (row[i] - mean[i])
  }
  return result
}

function without(vector: Float32Array, direction: Float32Array): Float32Array {
  const part = dot(vector, direction)
  return vector.map((value, i) => value - part * direction[i])
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1
  return vector.map((value) => value / length)
}

function extent(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
