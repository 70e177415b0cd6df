import { tf, type Tensor1D, type Tensor2D } from '../tensorflow/index.ts'
import { evenlySpread } from './evenly-spread.ts'
import type { LabelledTokens } from './memory.ts'

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
 * @returns at most `groups` groups of tokens, none empty, that hold each token once
 */
export function condenseTokens(
  { size, dimensions, classes, tokens, shares }: Omit<LabelledTokens, 'annotations'>,
  groups: number,
  { labelWeight, rounds }: CondensingSettings,
): number[][] {
  const all = Array.from({ length: size }, (_, token) => token)
  if (size <= groups) return all.map((token) => [token])
  const rows = new Float32Array(size * (dimensions + classes))
  for (const token of all) {
    const start = token * (dimensions + classes)
    rows.set(tokens.subarray(token * dimensions, (token + 1) * dimensions), start)
    for (let c = 0; c < classes; c++) rows[start + dimensions + c] = labelWeight * shares[c * size + token]
  }
  const groupOf = tf.tidy(() => {
    const points = toUnit(tf.tensor2d(rows, [size, dimensions + classes]))
    let centres = tf.gather(points, evenlySpread(all, groups))
    for (let round = 0; round < rounds; round++)
      centres = toUnit(tf.unsortedSegmentSum(points, nearest(points, centres), groups))
    return nearest(points, centres).dataSync<'int32'>()
  })
  const result = Array.from({ length: groups }, (): number[] => [])
  for (const token of all) result[groupOf[token]].push(token)
  return result.filter((group) => group.length > 0)
}

/** The centre of a group that lost all its tokens becomes zero, and is nearest to none unless all others point away. */
function toUnit(rows: Tensor2D): Tensor2D {
  return rows.div(tf.maximum(tf.norm(rows, 2, 1, true), 1e-9))
}

function nearest(points: Tensor2D, centres: Tensor2D): Tensor1D {
  return tf.argMax<Tensor1D>(tf.matMul(points, centres, false, true), 1)
}
