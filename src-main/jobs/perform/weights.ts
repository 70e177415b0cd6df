import type { Model, Weights } from '../weights-job.ts'
import { describe, networkOf } from './network.ts'

export function performWeights({ weights }: { weights: Weights }): Promise<Model> {
  return Promise.resolve(describe(networkOf(weights)))
}
