/** Corners of a convex polygon, x0, y0, x1, y1, ..., clockwise on the screen. */
export type Hull = number[]

/** The convex hull of points x0, y0, x1, y1, ...: monotone chain (Andrew 1979). */
export function convexHull(points: readonly number[]): Hull {
  const order = Array.from({ length: points.length / 2 }, (_, i) => 2 * i)
  order.sort((a, b) => points[a] - points[b] || points[a + 1] - points[b + 1])
  const lower = chain(points, order)
  const upper = chain(points, order.reverse())
  return lower.slice(0, -2).concat(upper.slice(0, -2))
}

/** One side of the hull: only turns to one hand. */
function chain(points: readonly number[], order: readonly number[]): Hull {
  const corners: number[] = []
  for (const at of order) {
    const [x, y] = [points[at], points[at + 1]]
    while (corners.length >= 4) {
      const [ax, ay, bx, by] = corners.slice(-4)
      if ((bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0) break
      corners.length -= 2
    }
    corners.push(x, y)
  }
  return corners
}

export function hullArea(hull: Hull): number {
  let twice = 0
  for (let i = 0; i < hull.length; i += 2) {
    const j = (i + 2) % hull.length
    twice += hull[i] * hull[j + 1] - hull[j] * hull[i + 1]
  }
  return Math.abs(twice) / 2
}
