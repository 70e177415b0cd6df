import type { Box, RunLengths } from '../contract/index.ts'
import { clusterImage } from '../cribo/index.ts'
import { encodeRunLengths } from '../masks/index.ts'
import type { Tensor2D, Tensor3D } from '../tensorflow/index.ts'
import type { Size } from './input-size.ts'

/** A part of an image whose tokens are alike: a cluster of CrIBo's clustering on one view. Every token is in exactly one. */
export interface ExtractedObject {
  /** On the token grid of the largest scale. */
  mask: RunLengths
  /** In pixels of the upright image. */
  box: Box
  /** The mean of its tokens, at unit length. */
  embedding: Float16Array
  /** How many it has. */
  tokens: number
}

/** Tokens (rows * columns, dimensions) on their grid. */
export interface TokenMap {
  columns: number
  rows: number
  dimensions: number
  tokens: ArrayLike<number>
}

/**
 * @param x the tokens in TensorFlow, (1, n, c)
 * @param map the same tokens on their grid
 * @param clusters K, the most objects there can be
 */
export function extractObjects(x: Tensor3D, map: TokenMap, clusters: number, image: Size): ExtractedObject[] {
  const flat = x.squeeze<Tensor2D>([0])
  const assignment = clusterImage(flat, map, { clusters })
  flat.dispose()
  return describeObjects(assignment, map, image)
}

/** The objects of an assignment of each token to a cluster, in the order of the clusters; an empty one is no object. */
export function describeObjects(assignment: Int32Array, map: TokenMap, image: Size): ExtractedObject[] {
  const clusters = Map.groupBy(assignment.keys(), (token) => assignment[token])
  const inOrder = [...clusters].sort(([a], [b]) => a - b)
  return inOrder.map(([, tokens]) => ({
    mask: maskOf(tokens, map),
    box: boxOf(tokens, map, image),
    embedding: meanDirection(tokens, map),
    tokens: tokens.length,
  }))
}

function maskOf(tokens: number[], { columns, rows }: TokenMap): RunLengths {
  const data = new Uint8Array(columns * rows)
  for (const token of tokens) data[token] = 1
  return encodeRunLengths({ width: columns, height: rows, data })
}

function boxOf(tokens: number[], { columns, rows }: TokenMap, image: Size): Box {
  const xs = tokens.map((token) => token % columns)
  const ys = tokens.map((token) => Math.floor(token / columns))
  const across = image.width / columns
  const down = image.height / rows
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    x: left * across,
    y: top * down,
    width: (Math.max(...xs) + 1 - left) * across,
    height: (Math.max(...ys) + 1 - top) * down,
  }
}

function meanDirection(members: number[], { dimensions, tokens }: TokenMap): Float16Array {
  const sum = new Float32Array(dimensions)
  for (const member of members) {
    const start = member * dimensions
    for (let i = 0; i < dimensions; i++) sum[i] += tokens[start + i]
  }
  const length = Math.hypot(...sum) || 1
  return Float16Array.from(sum, (value) => value / length)
}
