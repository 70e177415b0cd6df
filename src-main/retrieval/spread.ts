import type { Affinity } from './image-features.ts'
import { normalise, type ProbabilityMaps } from './probability-maps.ts'

export interface SpreadSettings {
  steps: number
  /** Share of a token's neighbours in its next value; the vote has the rest. */
  alpha: number
}

/**
 * Step 5, soft objects: F <- alpha A F + (1 - alpha) P0, `steps` times from F = P0 (Zhou et al., Learning with Local and Global
 * Consistency, NeurIPS 2003); then the classes of a token sum to one.
 */
export function spread(votes: ProbabilityMaps, affinity: Affinity, { steps, alpha }: SpreadSettings): ProbabilityMaps {
  const cells = votes.columns * votes.rows
  const weights = Float32Array.from(affinity.weights)
  let current = votes.values.slice()
  let next = new Float32Array(current.length)
  for (let step = 0; step < steps; step++) {
    for (let c = 0; c < votes.classes; c++) {
      const from = current.subarray(c * cells, (c + 1) * cells)
      const vote = votes.values.subarray(c * cells, (c + 1) * cells)
      const into = next.subarray(c * cells, (c + 1) * cells)
      for (let i = 0; i < cells; i++) {
        let sum = 0
        const end = affinity.rowStarts[i + 1]
        for (let k = affinity.rowStarts[i]; k < end; k++) sum += weights[k] * from[affinity.columns[k]]
        into[i] = alpha * sum + (1 - alpha) * vote[i]
      }
    }
    ;[current, next] = [next, current]
  }
  const result = { ...votes, values: current }
  normalise(result)
  return result
}
