import type { ComponentPicture } from './component-picture.ts'
import { cutEvidence, enoughToCut, type Expectation } from './cut-evidence.ts'
import { mergeRegionsOf } from './merge-regions.ts'
import { findRegions } from './region-graph.ts'

/**
 * The instances of a component, and of those again until nothing comes apart any more: so splitting an instance changes nothing.
 *
 * @returns (height, width) the instance of each pixel, from 1; 0 outside
 */
export function splitPicture(picture: ComponentPicture, expected: Expectation): Int32Array {
  const instances = new Int32Array(picture.inside.length)
  let found = 0
  const open: { part: ComponentPicture; left: number; top: number }[] = [{ part: picture, left: 0, top: 0 }]
  for (let place = open.pop(); place; place = open.pop()) {
    const { part, left, top } = place
    const { owners, count } = isPiece(part, expected) ? { owners: null, count: 1 } : splitOnce(part, expected)
    if (owners === null || count <= 1) {
      found++
      forEachInside(part, (_, x, y) => (instances[(top + y) * picture.width + left + x] = found))
    } else
      for (const owner of new Set(owners)) {
        if (owner < 0) continue
        const cut = cutOut(part, (i) => owners[i] === owner)
        open.push({ part: cut.part, left: left + cut.left, top: top + cut.top })
      }
  }
  return instances
}

/** What is smaller than this share of a labelled instance is no two: it is not looked at. */
export const leastSize = 0.5

function isPiece({ inside }: ComponentPicture, { area }: Expectation): boolean {
  let size = 0
  for (const within of inside) size += within
  return size < leastSize * area
}

/** @returns for each pixel which part it is of, -1 outside, and how many there are */
function splitOnce(picture: ComponentPicture, expected: Expectation): { owners: Int32Array; count: number } {
  const graph = findRegions(picture)
  const owners = mergeRegionsOf(graph, (a, b, border) => cutEvidence(a, b, border, expected), enoughToCut)
  return {
    owners: graph.labels.map((label) => (label < 0 ? -1 : owners[label])),
    count: new Set(owners).size,
  }
}

function forEachInside({ width, inside }: ComponentPicture, visit: (i: number, x: number, y: number) => void): void {
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) visit(i, i % width, Math.floor(i / width))
}

/** The part of a picture around some of its pixels, with one pixel around that is outside, unless the picture ends there. */
export function cutOut(
  picture: ComponentPicture,
  belongs: (i: number) => boolean,
): { part: ComponentPicture; left: number; top: number } {
  let [left, top, right, bottom] = [picture.width, picture.height, 0, 0]
  forEachInside(picture, (i, x, y) => {
    if (!belongs(i)) return
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + 1)
    bottom = Math.max(bottom, y + 1)
  })
  left = Math.max(0, left - 1)
  top = Math.max(0, top - 1)
  right = Math.min(picture.width, right + 1)
  bottom = Math.min(picture.height, bottom + 1)
  const [width, height] = [right - left, bottom - top]
  const part: ComponentPicture = {
    ...{ width, height },
    inside: new Uint8Array(width * height),
    colours: new Uint8Array(3 * width * height),
    edges: new Float32Array(width * height),
    probabilities: new Float32Array(width * height),
  }
  for (let y = 0; y < height; y++) {
    const start = (top + y) * picture.width + left
    part.colours.set(picture.colours.subarray(3 * start, 3 * (start + width)), 3 * y * width)
    part.edges.set(picture.edges.subarray(start, start + width), y * width)
    part.probabilities.set(picture.probabilities.subarray(start, start + width), y * width)
    for (let x = 0; x < width; x++)
      part.inside[y * width + x] = picture.inside[start + x] !== 0 && belongs(start + x) ? 1 : 0
  }
  return { part, left, top }
}
