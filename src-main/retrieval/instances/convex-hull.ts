/** Corners of a convex polygon, x0, y0, x1, y1, ..., clockwise on the screen. */
export type Hull = number[]

/** Points are sorted as one number each, x before y: coordinates are whole and below this. */
const base = 2 ** 20

/** The convex hull of points x0, y0, x1, y1, ..., whole numbers from 0: monotone chain (Andrew 1979). */
export function convexHull(points: readonly number[]): Hull {
  const sorted = new Float64Array(points.length / 2)
  for (let i = 0; i < sorted.length; i++) sorted[i] = base * points[2 * i] + points[2 * i + 1]
  sorted.sort()
  const hull: Hull = []
  addChain(hull, sorted)
  addChain(hull, sorted.reverse())
  return hull
}

/** Adds one side of the hull, but for its last corner, where the other side begins: only turns to one hand. */
function addChain(hull: Hull, sorted: Float64Array): void {
  const start = hull.length
  for (const point of sorted) {
    const x = Math.floor(point / base)
    const y = point - base * x
    while (hull.length >= start + 4) {
      const end = hull.length
      const [ax, ay] = [hull[end - 4], hull[end - 3]]
      if ((hull[end - 2] - ax) * (y - ay) - (hull[end - 1] - ay) * (x - ax) > 0) break
      hull.length -= 2
    }
    hull.push(x, y)
  }
  hull.length = Math.max(start, hull.length - 2)
}

export function hullArea(hull: Hull): number {
  let twice = 0
  for (let i = 0; i < hull.length; i += 2) {
    const j = (i + 2) % hull.length
    twice += hull[i] * hull[j + 1] - hull[j] * hull[i + 1]
  }
  return Math.abs(twice) / 2
}
