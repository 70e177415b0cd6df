import type { RunLengths } from '../../src-main/contract/index.ts'
import { rasterisePolygons } from '../../src-main/masks/index.ts'
import { distance, toRing, type Point, type Size } from './geometry.ts'

/** Corners of half a circle: the polygon's area is within one per cent of the disc's. */
const halfCircle = 16

/** The pixels that a round brush passes over, from point to point. */
export function strokeMask(points: readonly Point[], radius: number, { width, height }: Size): RunLengths {
  const kept = thin(points, radius / 4)
  const rings =
    kept.length === 1
      ? [capsule(kept[0], kept[0], radius)]
      : kept.slice(1).map((end, i) => capsule(kept[i], end, radius))
  return rasterisePolygons(rings, width, height)
}

/** Leaves out points that hardly differ from the one before; the last one stays. */
function thin(points: readonly Point[], least: number): Point[] {
  const kept: Point[] = []
  for (const [i, point] of points.entries()) {
    const before = kept.at(-1)
    if (before === undefined || distance(before, point) >= least || i === points.length - 1) kept.push(point)
  }
  return kept
}

/** The outline of a disc that moves from a to b. */
function capsule(a: Point, b: Point, radius: number): number[] {
  const direction = Math.atan2(b.y - a.y, b.x - a.x)
  const cap = (centre: Point, from: number) =>
    Array.from({ length: halfCircle + 1 }, (_, i) => {
      const angle = from + (Math.PI * i) / halfCircle
      return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) }
    })
  return toRing([...cap(b, direction - Math.PI / 2), ...cap(a, direction + Math.PI / 2)])
}
