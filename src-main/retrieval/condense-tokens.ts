import { tf, type Tensor1D, type Tensor2D } from '../tensorflow/index.ts'
import { evenlySpread } from './evenly-spread.ts'
import type { ScaleFeatures } from './image-features.ts'
import type { GridLabels } from './labels.ts'

export interface CondensingSettings {
  /** How much the classes that tokens show count beside their looks. */
  labelWeight: number
  /** Of k-means, after the start. */
  rounds: number
}

/**
 * Divides tokens of one image into groups that look alike and show the same classes, by spherical k-means on their unit vectors with
 * labelWeight x class shares appended. It starts at evenly spread tokens, so that the same tokens give the same groups.
 *
 * @param tokens indices into the scale's tokens
 * @returns at most `groups` groups, none empty, that hold each token once
 */
export function condenseTokens(
  tokens: number[],
  { tokens: embeddings, dimensions }: Pick<ScaleFeatures, 'tokens' | 'dimensions'>,
  labels: GridLabels,
  groups: number,
  { labelWeight, rounds }: CondensingSettings,
): number[][] {
  if (tokens.length <= groups) return tokens.map((token) => [token])
  const classes = labels.shares.length / labels.known.length
  const rows = new Float32Array(tokens.length * (dimensions + classes))
  tokens.forEach((token, row) => {
    const start = row * (dimensions + classes)
    rows.set(embeddings.subarray(token * dimensions, (token + 1) * dimensions), start)
    for (let c = 0; c < classes; c++)
      rows[start + dimensions + c] = labelWeight * labels.shares[c * labels.known.length + token]
  })
  const groupOf = tf.tidy(() => {
    const points = toUnit(tf.tensor2d(rows, [tokens.length, dimensions + classes]))
    let centres = tf.gather(points, evenlySpread([...tokens.keys()], groups))
    for (let round = 0; round < rounds; round++)
      centres = toUnit(tf.unsortedSegmentSum(points, nearest(points, centres), groups))
    return nearest(points, centres).dataSync<'int32'>()
  })
  const result = Array.from({ length: groups }, (): number[] => [])
  tokens.forEach((token, row) => result[groupOf[row]].push(token))
  return result.filter((group) => group.length > 0)
}

/** The centre of a group that lost all its tokens becomes zero, and is nearest to none unless all others point away. */
function toUnit(rows: Tensor2D): Tensor2D {
  return rows.div(tf.maximum(tf.norm(rows, 2, 1, true), 1e-9))
}

function nearest(points: Tensor2D, centres: Tensor2D): Tensor1D {
  return tf.argMax<Tensor1D>(tf.matMul(points, centres, false, true), 1)
}
