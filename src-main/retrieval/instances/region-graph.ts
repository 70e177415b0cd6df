import { lab } from '../lab.ts'
import { findBasins, type Basins } from './basins.ts'
import type { ComponentPicture } from './component-picture.ts'
import { convexHull, type Hull } from './convex-hull.ts'
import { distancesToBoundary } from './distance-transform.ts'

/** A part of a component: an instance, or a piece of one. */
export interface Region {
  /** Pixels. */
  area: number
  /** Sums over its pixels, as are the next ones: Lab bytes. */
  lightness: number
  greenRed: number
  blueYellow: number
  /** Edge strength, 1 that of the component's contour, of the pixels away from the contour; and how many these are. */
  edges: number
  inner: number
  probability: number
  /** The largest distance of a pixel to the outside of the component, pixels. */
  depth: number
  hull: Hull
}

/** Where two regions touch: sums over the pairs of neighbouring pixels. */
export interface Border {
  pairs: number
  edges: number
  probability: number
  /** The largest distance of such a pair to the outside of the component, pixels. */
  depth: number
}

/** What a component falls apart into at every edge and every neck, far too many regions, and where they touch. */
export interface RegionGraph {
  /** The region of each pixel. */
  labels: Int32Array
  regions: Region[]
  /** For each region, its border with each region that it touches; both have the same object. */
  borders: Map<number, Border>[]
}

/** A contour fainter than this says little: what is within is then not measured by it. Levels a pixel. */
const faintest = 3
/** Up to here pixels show the contour, not what is within. Pixels. */
const contourDepth = 2
/** An edge that is not there counts as a boundary this far away: this share of the component's depth. */
const reach = 0.3
/** A hill that rises less above the pass to a higher one is part of it: pixels, and share of its height. */
const leastProminence = 0.75
const prominenceShare = 0.15

/**
 * Pixels lie on hills, as high as their distance to the outside of the component or to an edge in the picture: the stronger the edge, the
 * nearer it counts. A hill is a region.
 */
export function findRegions(picture: ComponentPicture): RegionGraph {
  const { width, height, inside } = picture
  const depths = depthsOf(picture)
  const edges = relativeEdges(picture, depths)
  let farthest = 0
  for (const depth of depths) if (reach * depth > farthest) farthest = reach * depth
  const costs = new Float64Array(inside.length)
  for (let i = 0; i < costs.length; i++) if (inside[i] === 1) costs[i] = (farthest * (1 - edges[i])) ** 2
  const heights = distancesToBoundary(costs, width, height)
  const basins = findBasins(heights, inside, width, (peak) => Math.max(leastProminence, prominenceShare * peak))
  const shown = { ...picture, edges, depths }
  return { labels: basins.labels, regions: describeRegions(basins, shown), borders: describeBorders(basins, shown) }
}

/** The distance of each pixel to the outside of the component; that of the picture's diagonal where there is no outside. */
function depthsOf({ width, height, inside }: ComponentPicture): Float64Array {
  const costs = new Float64Array(inside.length)
  for (let i = 0; i < costs.length; i++) if (inside[i] === 1) costs[i] = Infinity
  const depths = distancesToBoundary(costs, width, height)
  const most = Math.hypot(width, height)
  for (let i = 0; i < depths.length; i++) if (depths[i] > most) depths[i] = most
  return depths
}

/** Edge strengths, 1 for what is as strong as the component's contour in the median, or stronger. */
function relativeEdges({ inside, edges }: ComponentPicture, depths: Float64Array): Float32Array {
  const contour = edges.filter((_, i) => inside[i] === 1 && depths[i] < 1.5).sort()
  const strong = Math.max(faintest, contour.length > 0 ? contour[contour.length >> 1] : 0)
  return edges.map((edge) => Math.min(1, edge / strong))
}

interface ShownPicture extends ComponentPicture {
  depths: Float64Array
}

function describeRegions({ labels, count }: Basins, { width, colours, edges, probabilities, depths }: ShownPicture) {
  const regions = Array.from({ length: count }, newRegion)
  const corners: number[][] = Array.from({ length: count }, () => [])
  labels.forEach((label, i) => {
    if (label < 0) return
    const region = regions[label]
    const colour = lab(colours[3 * i], colours[3 * i + 1], colours[3 * i + 2])
    region.area++
    region.lightness += colour >> 16
    region.greenRed += (colour >> 8) & 0xff
    region.blueYellow += colour & 0xff
    if (depths[i] > contourDepth) {
      region.edges += edges[i]
      region.inner++
    }
    region.probability += probabilities[i]
    region.depth = Math.max(region.depth, depths[i])
    const x = i % width
    const y = (i - x) / width
    if (x === 0 || labels[i - 1] !== label) corners[label].push(x, y, x, y + 1)
    if (x === width - 1 || labels[i + 1] !== label) corners[label].push(x + 1, y, x + 1, y + 1)
  })
  regions.forEach((region, label) => (region.hull = convexHull(corners[label])))
  return regions
}

function newRegion(): Region {
  return {
    ...{ area: 0, lightness: 0, greenRed: 0, blueYellow: 0, edges: 0, inner: 0, probability: 0, depth: 0 },
    hull: [],
  }
}

function describeBorders({ labels, count }: Basins, { width, edges, probabilities, depths }: ShownPicture) {
  const borders = Array.from({ length: count }, () => new Map<number, Border>())
  const meet = (i: number, j: number) => {
    const [a, b] = [labels[i], labels[j]]
    if (a < 0 || b < 0 || a === b) return
    let border = borders[a].get(b)
    if (!border) {
      border = { pairs: 0, edges: 0, probability: 0, depth: 0 }
      borders[a].set(b, border)
      borders[b].set(a, border)
    }
    border.pairs++
    border.edges += Math.max(edges[i], edges[j])
    border.probability += (probabilities[i] + probabilities[j]) / 2
    border.depth = Math.max(border.depth, Math.min(depths[i], depths[j]))
  }
  for (let i = 0; i < labels.length; i++) {
    const right = i % width < width - 1
    const below = i + width < labels.length
    if (right) meet(i, i + 1)
    if (below) meet(i, i + width)
    if (right && below) {
      meet(i, i + width + 1)
      meet(i + 1, i + width)
    }
  }
  return borders
}

export function mergeRegions(a: Region, b: Region): Region {
  return {
    area: a.area + b.area,
    lightness: a.lightness + b.lightness,
    greenRed: a.greenRed + b.greenRed,
    blueYellow: a.blueYellow + b.blueYellow,
    edges: a.edges + b.edges,
    inner: a.inner + b.inner,
    probability: a.probability + b.probability,
    depth: Math.max(a.depth, b.depth),
    hull: convexHull(a.hull.concat(b.hull)),
  }
}

export function mergeBorders(a: Border, b: Border): Border {
  return {
    pairs: a.pairs + b.pairs,
    edges: a.edges + b.edges,
    probability: a.probability + b.probability,
    depth: Math.max(a.depth, b.depth),
  }
}
