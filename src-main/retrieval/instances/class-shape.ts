import type { RunLengths } from '../../contract/index.ts'
import { splitIntoComponents, type Component } from '../../masks/index.ts'
import { forEachVerticalRun } from '../coverage.ts'
import { convexHull, hullArea } from './convex-hull.ts'

/** What the labelled instances of a class are like. */
export interface ClassShape {
  /** Their median area, as a share of the image. */
  area: number
  /** Their solidity (area / area of the convex hull), that of a rather hollow one: 0 to 1. */
  solidity: number
}

/** Smaller parts of a label are specks. Pixels. */
const leastArea = 16
/** A quarter of the labelled instances is at most as solid. */
const hollow = 0.25

/** The shapes of labelled masks; each connected part counts as an instance. Null where there is none. */
export function shapeOf(masks: readonly RunLengths[]): ClassShape | null {
  const parts = masks.flatMap((mask) => splitIntoComponents(mask, { connectivity: 8, minimumArea: leastArea }))
  if (parts.length === 0) return null
  return {
    area: quantile(
      parts.map(({ area, mask: { size } }) => area / (size[0] * size[1])),
      0.5,
    ),
    solidity: quantile(parts.map(solidityOf), hollow),
  }
}

function solidityOf({ mask, area }: Component): number {
  const corners: number[] = []
  forEachVerticalRun(mask, (x, top, bottom) => corners.push(x, top, x + 1, top, x, bottom, x + 1, bottom))
  return area / hullArea(convexHull(corners))
}

function quantile(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]
}
