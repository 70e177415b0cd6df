import { architectures, FrozenVit } from '../../cribo/index.ts'
import type { Model, Weights } from '../weights-job.ts'

let current: { key: string; network: FrozenVit } | null = null

/** The network of these weights. The last one stays loaded from job to job. */
export function networkOf(weights: Weights): FrozenVit {
  const key = JSON.stringify(weights)
  if (current?.key === key) return current.network
  releaseNetwork()
  const network =
    'file' in weights
      ? FrozenVit.load(weights.file)
      : FrozenVit.random(architectures[weights.random.architecture], weights.random.seed)
  current = { key, network }
  return network
}

/** Gives back the memory of the network that stayed loaded. */
export function releaseNetwork(): void {
  current?.network.dispose()
  current = null
}

export function describe({ architecture, fingerprint }: FrozenVit): Model {
  return { architecture: architecture.name, fingerprint }
}
