/** A point of the map or of the window. */
export interface Place {
  x: number
  y: number
}

/** Whether a point is inside a closed line, by counting the sides that a ray to the right crosses. */
export function isInside(line: readonly Place[], { x, y }: Place): boolean {
  let inside = false
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [a, b] = [line[i], line[j]]
    const crosses = a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x
    if (crosses) inside = !inside
  }
  return inside
}

/** How the map lies in the window: a point (x, y) of 0 to 1 is at (left + scale x, top + scale y), in CSS pixels. */
export interface MapView {
  scale: number
  left: number
  top: number
}

/** The whole map, in the middle. */
export function fitMap({ width, height }: { width: number; height: number }): MapView {
  const margin = 24
  const scale = Math.max(50, Math.min(width, height) - 2 * margin)
  return { scale, left: (width - scale) / 2, top: (height - scale) / 2 }
}

/** What is under the point of the window stays there. */
export function zoomMap({ scale, left, top }: MapView, at: Place, factor: number): MapView {
  const wanted = Math.min(1e5, Math.max(50, scale * factor))
  const grown = wanted / scale
  return { scale: wanted, left: at.x - grown * (at.x - left), top: at.y - grown * (at.y - top) }
}
