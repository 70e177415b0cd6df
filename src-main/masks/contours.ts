import type { RunLengths } from '../contract/index.ts'
import { boundingBox, columnSegments } from './run-lengths.ts'

export interface TracedPolygons {
  /** The outer boundary of each part, clockwise on the screen. */
  rings: number[][]
  /** The boundaries of the holes, the other way round. */
  holes: number[][]
}

// Right, down, left, up.
const stepX = [1, 0, -1, 0]
const stepY = [0, 1, 0, -1]
// From a grid corner that was reached in one of these directions, the two pixels ahead: the one on the right hand, the one on the left.
const rightHand = { x: [0, -1, -1, 0], y: [0, 0, -1, -1] }
const leftHand = { x: [0, 0, -1, -1], y: [-1, 0, 0, -1] }
const toTheRight = 0

/** The pixels of a mask in its box, column by column; everything around them is outside. */
class Columns {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** [x, y] in the box of each pixel that has none above it, column by column: where a boundary can begin. */
  readonly tops: [number, number][] = []
  readonly #pixels: Uint8Array

  constructor(mask: RunLengths) {
    const box = boundingBox(mask)
    this.left = box.x
    this.top = box.y
    this.width = box.width
    this.height = box.height
    this.#pixels = new Uint8Array(box.width * box.height)
    for (const { start, end, column } of columnSegments(mask)) {
      const x = column - box.x
      const y = start - column * mask.size[0] - box.y
      this.tops.push([x, y])
      this.#pixels.fill(1, x * box.height + y, x * box.height + y + end - start)
    }
  }

  inside(x: number, y: number): boolean {
    return x >= 0 && x < this.width && y >= 0 && y < this.height && this.#pixels[x * this.height + y] === 1
  }
}

/**
 * Follows the pixel edges from the upper left corner of a pixel along its upper edge, with the inside on the right hand, back to
 * where it began. Where two pixels touch only at a corner it stays with its own: parts are 4-connected.
 */
function followBoundary(columns: Columns, startX: number, startY: number, seen: Uint8Array): number[] {
  const ring: number[] = []
  let x = startX
  let y = startY
  let direction = toTheRight
  let turned = true
  do {
    if (turned) ring.push(x + columns.left, y + columns.top)
    if (direction === toTheRight) seen[x * columns.height + y] = 1
    x += stepX[direction]
    y += stepY[direction]
    const before = direction
    if (!columns.inside(x + rightHand.x[before], y + rightHand.y[before])) direction = (before + 1) % 4
    else if (columns.inside(x + leftHand.x[before], y + leftHand.y[before])) direction = (before + 3) % 4
    turned = direction !== before
  } while (x !== startX || y !== startY || direction !== toTheRight)
  return ring
}

/** Twice the area, positive where the ring runs clockwise on the screen (y down). */
function signedArea(ring: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length
    sum += ring[i] * ring[j + 1] - ring[j] * ring[i + 1]
  }
  return sum
}

/**
 * The boundaries of a mask along its pixel edges, corners only. `rasterisePolygons(rings)` gives the mask back exactly where there
 * are no holes; where there are, it gives the mask with its holes filled, since COCO's polygons cannot say hole.
 */
export function tracePolygons(mask: RunLengths): TracedPolygons {
  const columns = new Columns(mask)
  const seen = new Uint8Array(columns.width * columns.height)
  const traced: TracedPolygons = { rings: [], holes: [] }
  for (const [x, y] of columns.tops) {
    if (seen[x * columns.height + y] === 1) continue
    const ring = followBoundary(columns, x, y, seen)
    ;(signedArea(ring) > 0 ? traced.rings : traced.holes).push(ring)
  }
  return traced
}
