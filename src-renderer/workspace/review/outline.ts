import type { RunLengths } from '../../../src-main/contract/index.ts'
import { tracePolygons } from '../../../src-main/masks/index.ts'

/** The boundary of a mask, holes too, in image pixels: to be filled by the rule `evenodd`. */
export function outlineOf(mask: RunLengths): Path2D {
  const { rings, holes } = tracePolygons(mask)
  const path = new Path2D()
  for (const ring of [...rings, ...holes]) {
    path.moveTo(ring[0], ring[1])
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1])
    path.closePath()
  }
  return path
}
