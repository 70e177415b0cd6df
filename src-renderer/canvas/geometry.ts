/** In upright image pixels: (0, 0) is the upper left corner of the first pixel. */
export interface Point {
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

/** In upright pixels from the top left corner. */
export interface Box extends Point, Size {}

/** The box between two corners, whichever they are. */
export function boxBetween(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) }
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** The point of the line from a to b that is nearest. */
export function nearestOnLine(point: Point, a: Point, b: Point): Point {
  const squared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
  if (squared === 0) return a
  const t = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / squared
  const inside = Math.min(1, Math.max(0, t))
  return { x: a.x + inside * (b.x - a.x), y: a.y + inside * (b.y - a.y) }
}

export function clampTo({ width, height }: Size, { x, y }: Point): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) }
}

/** [x0, y0, x1, y1, ...] */
export function toRing(points: readonly Point[]): number[] {
  return points.flatMap(({ x, y }) => [x, y])
}

export function toPoints(ring: readonly number[]): Point[] {
  return Array.from({ length: ring.length >> 1 }, (_, i) => ({ x: ring[2 * i], y: ring[2 * i + 1] }))
}
