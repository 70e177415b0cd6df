import { tf, type Tensor3D } from '../tensorflow/index.ts'
import type { Affinity } from './image-features.ts'

const NEIGHBOURS = 20
const TEMPERATURE = 0.1

/**
 * How alike the tokens of each image are: S = X X^T without its diagonal, the top 20 a row, A = exp((S - 1) / 0.1),
 * (A + A^T) / 2, D^-1/2 A D^-1/2.
 *
 * @param x (B, n, c), unit rows
 */
export function affinities(x: Tensor3D): Affinity[] {
  const [batch, tokens] = x.shape
  const perRow = Math.min(NEIGHBOURS, tokens - 1)
  if (perRow === 0) return Array.from({ length: batch }, () => emptyAffinity(tokens))

  // One more than wanted: a token is its own nearest.
  const nearest = tf.tidy(() => tf.topk(tf.matMul(x, x, false, true), perRow + 1))
  const similarities = nearest.values.dataSync<'float32'>()
  const indices = nearest.indices.dataSync<'int32'>()
  tf.dispose([nearest.values, nearest.indices])
  return Array.from({ length: batch }, (_, image) => {
    const range = [image * tokens * (perRow + 1), (image + 1) * tokens * (perRow + 1)] as const
    const others = withoutSelf(indices.subarray(...range), similarities.subarray(...range), tokens)
    return affinityFromNeighbours(others.indices, others.similarities, tokens)
  })
}

/** Leaves out of each row the token itself, or the last where it is not among them, as many others being equal to it. */
function withoutSelf(indices: Int32Array, similarities: Float32Array, tokens: number) {
  const length = indices.length / tokens
  const others = new Int32Array(indices.length - tokens)
  const theirs = new Float32Array(others.length)
  let end = 0
  for (let token = 0; token < tokens; token++) {
    const stop = end + length - 1
    for (let k = token * length; end < stop; k++) {
      if (indices[k] === token) continue
      others[end] = indices[k]
      theirs[end++] = similarities[k]
    }
  }
  return { indices: others, similarities: theirs }
}

function emptyAffinity(tokens: number): Affinity {
  return { rowStarts: new Uint32Array(tokens + 1), columns: new Uint16Array(0), weights: new Float16Array(0) }
}

/**
 * @param indices (tokens, k) the neighbours of each token, none twice, none its own
 * @param similarities (tokens, k) their cosines
 */
export function affinityFromNeighbours(indices: Int32Array, similarities: Float32Array, tokens: number): Affinity {
  const { rowStarts, columns, values } = symmetrise(
    indices,
    similarities.map((s) => Math.exp((s - 1) / TEMPERATURE)),
    tokens,
  )
  const inverseRoots = rowSums(rowStarts, values).map((sum) => 1 / Math.sqrt(sum))
  const weights = new Float16Array(values.length)
  for (let row = 0; row < tokens; row++)
    for (let k = rowStarts[row]; k < rowStarts[row + 1]; k++)
      weights[k] = values[k] * (inverseRoots[row] * inverseRoots[columns[k]])
  return { rowStarts, columns, weights }
}

/** (A + A^T) / 2 of a matrix with the same number of entries in each row, in compressed rows with ascending columns. */
function symmetrise(indices: Int32Array, entries: Float32Array, tokens: number) {
  const perRow = indices.length / tokens
  const incoming = transposeRows(indices, tokens)
  const rowStarts = new Uint32Array(tokens + 1)
  const columns = new Uint16Array(2 * indices.length)
  const values = new Float32Array(2 * indices.length)
  const halves = new Float32Array(tokens) // the row being added up; zeros between rows
  let end = 0
  for (let row = 0; row < tokens; row++) {
    const start = end
    const add = (column: number, entry: number): void => {
      if (halves[column] === 0) columns[end++] = column
      halves[column] += entry / 2
    }
    for (let k = row * perRow; k < (row + 1) * perRow; k++) add(indices[k], entries[k])
    for (let j = incoming.starts[row]; j < incoming.starts[row + 1]; j++) {
      const k = incoming.positions[j]
      add(Math.floor(k / perRow), entries[k])
    }
    columns.subarray(start, end).sort()
    for (let k = start; k < end; k++) {
      values[k] = halves[columns[k]]
      halves[columns[k]] = 0
    }
    rowStarts[row + 1] = end
  }
  return { rowStarts, columns: columns.slice(0, end), values: values.slice(0, end) }
}

/** For each token, the positions in `indices` that name it: `positions` from `starts[token]` to `starts[token + 1]`. */
function transposeRows(indices: Int32Array, tokens: number): { starts: Uint32Array; positions: Uint32Array } {
  const starts = new Uint32Array(tokens + 1)
  for (const index of indices) starts[index + 1]++
  for (let token = 0; token < tokens; token++) starts[token + 1] += starts[token]
  const next = starts.slice(0, tokens)
  const positions = new Uint32Array(indices.length)
  indices.forEach((index, k) => {
    positions[next[index]++] = k
  })
  return { starts, positions }
}

function rowSums(rowStarts: Uint32Array, values: Float32Array): Float32Array {
  return Float32Array.from({ length: rowStarts.length - 1 }, (_, row) => {
    let sum = 0
    for (let k = rowStarts[row]; k < rowStarts[row + 1]; k++) sum += values[k]
    return sum
  })
}
