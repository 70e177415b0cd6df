import type { Annotation, Shape } from '../../src-main/contract/index.ts'
import { rasterisePolygons, simplifyRing, tracePolygons } from '../../src-main/masks/index.ts'

/** So far, in image pixels, the boundary may be off: more than the steps of a slanting edge, which are no corners. */
const tolerance = 1.5

/** A mask as rings whose corners can be dragged; parts too small to have an inside are left out. */
export function asPolygons({ mask }: Annotation): Shape {
  const traced = tracePolygons(mask)
  const [height, width] = mask.size
  const simplify = (rings: number[][]) =>
    rings
      .map((ring) => simplifyRing(ring, tolerance))
      .filter((ring) => rasterisePolygons([ring], width, height).counts.length > 1)
  const rings = simplify(traced.rings)
  return { kind: 'polygons', rings: rings.length > 0 ? rings : traced.rings, holes: simplify(traced.holes) }
}
