/** How far into an ellipse around (x, y) with half axes a and b: 0 at its centre, 1 on its edge, more outside. */
export function ellipse(x: number, y: number, a: number, b: number): number {
  return Math.hypot(x / a, y / b)
}

/** Height of half a ball, 1 in the middle; `flatness` 2 is round, more is flatter on top. */
export function dome(distance: number, flatness = 2): number {
  return distance >= 1 ? 0 : Math.sqrt(1 - distance ** flatness)
}

/** Distance from a line with corners [x, y], and how far along it, 0 to 1. */
export function fromLine(
  x: number,
  y: number,
  line: readonly (readonly [number, number])[],
): { distance: number; along: number } {
  let nearest = Infinity
  let along = 0
  for (let i = 0; i + 1 < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i], line[i + 1]]
    const [dx, dy] = [bx - ax, by - ay]
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    const distance = Math.hypot(x - ax - t * dx, y - ay - t * dy)
    if (distance < nearest) [nearest, along] = [distance, (i + t) / (line.length - 1)]
  }
  return { distance: nearest, along }
}
