import { background } from './labels.ts'
import { normalise, type ProbabilityMaps } from './probability-maps.ts'

/**
 * How much more a rare class counts than a common one: (pi_c / mean pi)^-exponent for the named classes, pi_c being the share of the
 * labelled tokens that show class c. Neighbours vote for what there is much of, and drown what is rare. The background is no class but the
 * rest, so it keeps its weight, and one class alone has nothing to be weighed against.
 */
export function classWeights(shares: ArrayLike<number>, classIds: number[], exponent: number): Float32Array {
  const named = classIds.flatMap((id, c) => (id !== background && shares[c] > 0 ? [shares[c]] : []))
  const middle = named.reduce((sum, share) => sum + share, 0) / named.length
  return Float32Array.from(classIds, (id, c) =>
    id === background || shares[c] === 0 ? 1 : (shares[c] / middle) ** -exponent,
  )
}

/** P(c) ~ w_c P(c). */
export function weighClasses(maps: ProbabilityMaps, weights: Float32Array): ProbabilityMaps {
  const cells = maps.columns * maps.rows
  const weighed = { ...maps, values: maps.values.map((value, at) => value * weights[Math.floor(at / cells)]) }
  normalise(weighed)
  return weighed
}
