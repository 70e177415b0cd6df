import type { ClassShape } from './class-shape.ts'
import { convexHull, hullArea } from './convex-hull.ts'
import type { Border, Region } from './region-graph.ts'

/** What instances are to be like, on the pixels of the picture. */
export interface Expectation {
  /** Pixels of a labelled instance. */
  area: number
  /** Of a rather hollow labelled instance. */
  solidity: ClassShape['solidity']
  /** No instance is smaller. Pixels. */
  leastArea: number
}

/** What is seen between two regions; numbers about as large as one. */
interface CutSigns {
  /** Edge strength along the border above that within both, 1 that of the component's contour. */
  edge: number
  /** Distance of their mean colours, in 30 units of Lab. */
  colour: number
  /** Length of the border, in roots of the smaller area: a neck is short. */
  length: number
  /** How much less probable the class is along the border than within, in fifths. */
  probability: number
  /** How much more solid they are apart than together, no more than labelled instances are; in parts of what is hollow in those. */
  solidity: number
  /** Logarithm of the smaller area, 0 that of a labelled instance. */
  size: number
}

/** Fitted, with {@link bias}, by logistic regression: docs/instances.md says on what. */
const weights: CutSigns = { edge: 1.84, colour: 0.83, length: -1.49, probability: 2.32, solidity: 1.03, size: 1.22 }
const bias = -0.91

/** From here on, odds of seven to three, two regions are two instances: a cut too many is worse than one too few. */
export const enoughToCut = Math.log(0.7 / 0.3)

/** How much speaks for a cut between two regions: the logarithm of the odds; -Infinity where one were smaller than an instance can be. */
export function cutEvidence(a: Region, b: Region, border: Border, expected: Expectation): number {
  if (Math.min(a.area, b.area) < expected.leastArea) return -Infinity
  const signs = signsOf(a, b, border, expected)
  return (
    bias +
    weights.edge * signs.edge +
    weights.colour * signs.colour +
    weights.length * signs.length +
    weights.probability * signs.probability +
    weights.solidity * signs.solidity +
    weights.size * signs.size
  )
}

function signsOf(a: Region, b: Region, border: Border, expected: Expectation): CutSigns {
  const area = a.area + b.area
  const smaller = Math.min(a.area, b.area)
  const together = area / hullArea(convexHull(a.hull.concat(b.hull)))
  const apart = area / (hullArea(a.hull) + hullArea(b.hull))
  return {
    edge: border.edges / border.pairs - (a.edges + b.edges) / Math.max(1, a.inner + b.inner),
    colour: Math.min(3, colourDistance(a, b) / 30),
    length: Math.min(2, border.pairs / (3 * Math.sqrt(smaller))),
    probability: 5 * clamp((a.probability + b.probability) / area - border.probability / border.pairs, -0.2, 0.4),
    solidity: clamp((Math.min(apart, expected.solidity) - together) / (1.05 - expected.solidity), -0.5, 3),
    size: clamp(Math.log(smaller / expected.area), -4, 1.5),
  }
}

function colourDistance(a: Region, b: Region): number {
  return Math.hypot(
    a.lightness / a.area - b.lightness / b.area,
    a.greenRed / a.area - b.greenRed / b.area,
    a.blueYellow / a.area - b.blueYellow / b.area,
  )
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
