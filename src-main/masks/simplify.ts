function squaredDistanceToSegment(ring: readonly number[], point: number, start: number, end: number): number {
  const [px, py, ax, ay] = [ring[2 * point], ring[2 * point + 1], ring[2 * start], ring[2 * start + 1]]
  const dx = ring[2 * end] - ax
  const dy = ring[2 * end + 1] - ay
  const squaredLength = dx * dx + dy * dy
  const along = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / squaredLength))
  return (px - ax - along * dx) ** 2 + (py - ay - along * dy) ** 2
}

function farthestFrom(ring: readonly number[], corner: number): number {
  let farthest = corner
  let largest = -1
  for (let i = 0; i < ring.length / 2; i++) {
    const distance = squaredDistanceToSegment(ring, i, corner, corner)
    if (distance > largest) [farthest, largest] = [i, distance]
  }
  return farthest
}

/**
 * Fewer corners for a closed ring, none of the dropped ones farther than `tolerance` (pixels) from the new boundary: Douglas and
 * Peucker's algorithm on the two halves between the first corner and the one farthest from it. A ring that would collapse to
 * fewer than three corners is returned as it was.
 */
export function simplifyRing(ring: readonly number[], tolerance: number): number[] {
  const corners = ring.length / 2
  const kept = new Uint8Array(corners)
  const opposite = farthestFrom(ring, 0)
  kept[0] = kept[opposite] = 1
  // The end of the second half is corner 0 again; `corners` stands for it.
  const halves: [number, number][] = [
    [0, opposite],
    [opposite, corners],
  ]
  for (let half = halves.pop(); half; half = halves.pop()) {
    const [start, end] = half
    let farthest = -1
    let largest = tolerance * tolerance
    for (let corner = start + 1; corner < end; corner++) {
      const distance = squaredDistanceToSegment(ring, corner, start, end % corners)
      if (distance > largest) [farthest, largest] = [corner, distance]
    }
    if (farthest < 0) continue
    kept[farthest] = 1
    halves.push([start, farthest], [farthest, end])
  }
  const simplified = ring.filter((_, index) => kept[index >> 1] === 1)
  return simplified.length >= 6 ? simplified : [...ring]
}
