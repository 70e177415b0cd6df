import {
  basisServes,
  defaultFeatureSettings,
  fitBasis,
  readBasis,
  writeBasis,
  type FeatureBasis,
  type FeatureSettings,
  type KeptTokens,
} from '../../retrieval/index.ts'
import type { basisJob, BasisSummary, FeatureOptions } from '../basis-job.ts'
import type { Performer } from '../job.ts'
import { describe, networkOf } from './network.ts'

/** Tokens that the last fit has computed: embedding need not compute them again. */
let lastFit: { basis: string; kept: KeptTokens } | null = null

export function keptTokens(basis: FeatureBasis): KeptTokens | undefined {
  return lastFit?.basis === basis.fingerprint ? lastFit.kept : undefined
}

export const performBasis: Performer<typeof basisJob> = async ({ weights, options, basisFile, images }, context) => {
  const network = networkOf(weights)
  const settings = settingsOf(options, network.architecture.depth)
  const summaryOf = (basis: FeatureBasis): BasisSummary => ({
    model: describe(network),
    basis: basis.fingerprint,
    settings: { ...settings },
  })
  const known = readBasis(basisFile)
  if (known && basisServes(known, network.fingerprint, settings, images.length)) return summaryOf(known)

  const { basis, kept } = await fitBasis(network, settings, images, context)
  writeBasis(basisFile, basis)
  lastFit = { basis: basis.fingerprint, kept }
  return summaryOf(basis)
}

function settingsOf({ longSides, lastBlockOnly, objectsPerImage }: FeatureOptions, depth: number): FeatureSettings {
  const best = defaultFeatureSettings(depth)
  return {
    ...best,
    longSides: longSides ?? best.longSides,
    depths: lastBlockOnly ? [depth] : best.depths,
    objectsPerImage: objectsPerImage ?? best.objectsPerImage,
  }
}
