import { normalise, type ProbabilityMaps } from './probability-maps.ts'

/** Of a class that is nowhere more probable than this not even its colours make the most probable one. */
const leastLikely = 0.02

/** The classes that are somewhere likely enough to become a pixel's, ascending; one at least. */
export function likelyClasses({ classes, columns, rows, values }: ProbabilityMaps): number[] {
  const cells = columns * rows
  const most = Array.from({ length: classes }, (_, c) =>
    values.subarray(c * cells, (c + 1) * cells).reduce((best, value) => Math.max(best, value), 0),
  )
  const enough = Math.min(leastLikely, Math.max(...most))
  return Array.from(most.keys()).filter((c) => most[c] >= enough)
}

/** The maps of some classes alone, in the order given; they sum to one again in each cell. */
export function ofClasses(maps: ProbabilityMaps, chosen: readonly number[]): ProbabilityMaps {
  if (chosen.length === maps.classes) return maps
  const cells = maps.columns * maps.rows
  const values = new Float32Array(chosen.length * cells)
  chosen.forEach((c, at) => values.set(maps.values.subarray(c * cells, (c + 1) * cells), at * cells))
  const some = { ...maps, classes: chosen.length, values }
  normalise(some)
  return some
}
