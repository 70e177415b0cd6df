import { tf, withGradient, type Scalar, type Tensor1D, type Tensor2D } from '../tensorflow/index.ts'

/*
 * The losses of CrIBo (sections 3.2 and 3.3, and the authors' code). Rows of prototypes' similarities, (N, H), come from the heads;
 * a row that does not count has weight 0, and the weights of the others sum to 1.
 */

/** Keeps 0 log 0 at 0. */
const LEAST_PROBABILITY = 1e-30

/** softmax((a - centre) / tau): the teacher's assignment of each row to prototypes, (N, H). */
export function teacherAssignment(outputs: Tensor2D, centre: Tensor2D, temperature: Scalar): Tensor2D {
  return tf.softmax(outputs.sub(centre).div<Tensor2D>(temperature))
}

/**
 * sum_i w_i CE_i, CE_i = -sum_h target_ih log softmax(student_i / temperature)_h.
 *
 * @param targets (N, H), rows sum to 1; they get no gradient.
 * @param student (N, H), as the head gives them.
 * @param weights (N)
 */
export function crossEntropy(targets: Tensor2D, student: Tensor2D, weights: Tensor1D, temperature: number): Scalar {
  return withGradient<Scalar>([student], () => {
    const logits = student.div<Tensor2D>(temperature)
    const value = tf.sub(tf.logSumExp(logits, 1), targets.mul(logits).sum(1)).mul(weights).sum<Scalar>()
    return {
      value,
      saved: [student, targets, weights],
      gradient: (dy, [rows, assignments, shares]) => {
        const difference = tf.softmax(rows.div(temperature)).sub(assignments)
        return [difference.mul(shares.reshape([-1, 1]).mul(dy).div(temperature))]
      },
    }
  })
}

/** Weights of rows of which `counts` (N), ones and zeros, says which count: each 1 / the number of those; all 0 where there is none. */
export function meanWeights(counts: Tensor1D): Tensor1D {
  return counts.div(tf.maximum(counts.sum(), 1))
}

/**
 * The weights of the rows in the two directions of the cross-image loss, from which rows are cycle-consistent.
 *
 * @param count 'own': each direction's mean over its own matches. 'first direction': both sums over the first one's number of matches,
 *   as the authors' public code has it, so that there is no loss at all where that is 0.
 */
export function crossImageWeights(
  consistent1: Tensor1D,
  consistent2: Tensor1D,
  count: 'own' | 'first direction',
): [Tensor1D, Tensor1D] {
  if (count === 'own') return [meanWeights(consistent1), meanWeights(consistent2)]
  const matches = consistent1.sum()
  const some = matches.greater(0).cast('float32')
  const scale = some.div(tf.maximum(matches, 1))
  return [consistent1.mul(scale), consistent2.mul(scale)]
}

/** The rows' mean, given their weights: (N, H), (N) -> (1, H). */
export function weightedMean(rows: Tensor2D, weights: Tensor1D): Tensor2D {
  return tf.matMul(weights.reshape<Tensor2D>([1, -1]), rows)
}

/**
 * m * centre + (1 - m) * mean, the mean (1, H) of the teacher's outputs for the batch. Where no row counts the centre stays.
 *
 * @param counts the sum of the rows' weights, 1 or 0.
 */
export function moveCentre(centre: Tensor2D, mean: Tensor2D, counts: Scalar, momentum: number): Tensor2D {
  return centre.add(mean.sub(centre).mul(counts.mul(1 - momentum)))
}

/** Mean entropy of assignments (N, H) in nats, given the rows' weights. */
export function entropy(assignments: Tensor2D, weights: Tensor1D): Scalar {
  const logarithms = tf.log(tf.maximum(assignments, LEAST_PROBABILITY))
  return assignments.mul(logarithms).sum(1).mul(weights).sum<Scalar>().neg()
}
