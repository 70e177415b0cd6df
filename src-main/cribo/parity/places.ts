/*
 * The fixtures keep objects in rows without gaps, image after image; ours lie in places, K an image, of which some are empty.
 */

/** Which places hold an object, in their order. */
export function livePlaces(valid: ArrayLike<number>): number[] {
  return Array.from(valid).flatMap((flag, place) => (flag ? [place] : []))
}

/** The first `count` places of each image are valid: (images * K). */
export function validPlaces(counts: ArrayLike<number>, K: number): Float32Array {
  return Float32Array.from({ length: counts.length * K }, (_, place) =>
    Number(place % K < counts[Math.floor(place / K)]),
  )
}

/** Puts the rows, d numbers each, into the valid places; the others get zeros. */
export function toPlaces(rows: ArrayLike<number>, valid: ArrayLike<number>, d: number): Float32Array {
  const places = new Float32Array(valid.length * d)
  livePlaces(valid).forEach((place, row) => {
    for (let i = 0; i < d; i++) places[place * d + i] = rows[row * d + i]
  })
  return places
}

/** The rows of the chosen places, d numbers each. */
export function fromPlaces(places: ArrayLike<number>, chosen: readonly number[], d: number): Float32Array {
  return Float32Array.from({ length: chosen.length * d }, (_, i) => places[chosen[Math.floor(i / d)] * d + (i % d)])
}

/** Number of valid places of each image. */
export function countsOf(valid: ArrayLike<number>, K: number): number[] {
  const counts = Array<number>(valid.length / K).fill(0)
  for (const place of livePlaces(valid)) counts[Math.floor(place / K)]++
  return counts
}
