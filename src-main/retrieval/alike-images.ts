/** Images that hardly differ: each pair once. */
export interface AlikePair {
  first: number
  second: number
  /** Cosine of the means of their objects. */
  similarity: number
}

/** Of more images than this only those are compared that lie near each other in one direction. */
const mostCompared = 400

/**
 * Pairs of images whose objects are alike on the whole. Images that are nearly equal lie next to each other in every direction: sorted by one,
 * each is compared with those that follow, so that the time does not grow with the square.
 *
 * @param means of each image, unit length
 */
export function alikeImages(means: ReadonlyMap<number, Float32Array>, least: number): AlikePair[] {
  const images = [...means].map(([id, mean]) => ({ id, mean, place: placeOf(mean) })).sort((a, b) => a.place - b.place)
  const pairs: AlikePair[] = []
  for (const [i, { id, mean }] of images.entries()) {
    for (const other of images.slice(i + 1, i + 1 + mostCompared)) {
      let similarity = 0
      for (let k = 0; k < mean.length; k++) similarity += mean[k] * other.mean[k]
      if (similarity >= least) pairs.push({ first: id, second: other.id, similarity })
    }
  }
  return pairs
}

/** Along a fixed direction that is none of the axes. */
function placeOf(mean: Float32Array): number {
  return mean.reduce((sum, value, i) => sum + value * Math.sin(1 + i), 0)
}
