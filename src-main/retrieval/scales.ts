import { resizeMaps } from './interpolation.ts'
import { normalise, type ProbabilityMaps } from './probability-maps.ts'

/** Below this a scale says no more than "very improbable": one scale alone cannot veto a class. */
const least = 1e-4

/** Resamples every scale's maps to the grid of the last (finest) one. */
export function toFinestGrid(scales: ProbabilityMaps[]): ProbabilityMaps[] {
  const finest = scales[scales.length - 1]
  return scales.map((maps) => (maps === finest ? maps : resizeMaps(maps, finest)))
}

/** Step 6: the geometric mean of the scales' probabilities, all on one grid; classes of a cell sum to one again. */
export function combineScales(scales: ProbabilityMaps[]): ProbabilityMaps {
  const [first] = scales
  if (scales.length === 1) return first
  const values = new Float32Array(first.values.length).fill(1)
  for (const maps of scales) for (let i = 0; i < values.length; i++) values[i] *= Math.max(maps.values[i], least)
  for (let i = 0; i < values.length; i++)
    values[i] = scales.length === 2 ? Math.sqrt(values[i]) : values[i] ** (1 / scales.length)
  const combined = { ...first, values }
  normalise(combined)
  return combined
}
