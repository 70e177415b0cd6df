/** An object as the network sees it in two views of its image. */
export interface TwiceSeenObject {
  /** The image it is of. */
  image: number
  /** Whether it is measured, or only there to be found. */
  measured: boolean
  /** Of any length. */
  view1: Float32Array
  view2: Float32Array
}

export interface Agreement {
  /** Share of the measured objects that are, among all objects of the second view, nearest to themselves. */
  acrossViews: number
  /** Share of those whose nearest neighbour in another image leads back to them; null where there is no other image. */
  acrossImages: number | null
}

/**
 * How far objects are known again without any label. Across images as in training's memory: from view 1 to the nearest object of another image in
 * view 1, from its view 2 back to the nearest object of view 2 that is not of its own image.
 *
 * @returns null where nothing is measured
 */
export function agreementOf(objects: readonly TwiceSeenObject[]): Agreement | null {
  const view1 = objects.map((object) => unit(object.view1))
  const view2 = objects.map((object) => unit(object.view2))
  const all = [...objects.keys()]
  const measured = all.filter((i) => objects[i].measured)
  if (measured.length === 0) return null
  const outside = (image: number) => all.filter((i) => objects[i].image !== image)

  const known = measured.filter((i) => nearest(view1[i], view2, all) === i)
  const matched = measured.flatMap((i) => {
    const neighbour = nearest(view1[i], view1, outside(objects[i].image))
    return neighbour === null ? [] : [{ i, neighbour }]
  })
  const consistent = matched.filter(
    ({ i, neighbour }) => nearest(view2[neighbour], view2, outside(objects[neighbour].image)) === i,
  )
  return {
    acrossViews: known.length / measured.length,
    acrossImages: matched.length === 0 ? null : consistent.length / matched.length,
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

/** The first of the nearest ones; null where there is none. */
function nearest(query: Float32Array, vectors: readonly Float32Array[], among: readonly number[]): number | null {
  let best: number | null = null
  let largest = -Infinity
  for (const i of among) {
    const similarity = dot(query, vectors[i])
    if (similarity <= largest) continue
    largest = similarity
    best = i
  }
  return best
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
