import type { Box, RunLengths } from '../contract/index.ts'
import type { Bitmap } from './bitmap.ts'
import { boundingBox, columnSegments, encodeRunLengths, RunLengthWriter, type Segment } from './run-lengths.ts'

export interface ComponentOptions {
  /** 4: pixels that share an edge belong together; 8: a corner is enough. */
  connectivity: 4 | 8
  /** Smaller components are left out. Pixels. */
  minimumArea: number
}

export interface Component {
  mask: RunLengths
  /** Pixels. */
  area: number
  box: Box
}

/** The root of a tree of segments that belong together; shortens the way for the next time. */
function rootOf(parents: Int32Array, segment: number): number {
  while (parents[segment] !== segment) {
    parents[segment] = parents[parents[segment]]
    segment = parents[segment]
  }
  return segment
}

/** For each segment the first segment of its component. */
function labelSegments(segments: readonly Segment[], height: number, connectivity: 4 | 8): Int32Array {
  const parents = Int32Array.from(segments, (_, index) => index)
  const reach = connectivity === 8 ? 1 : 0
  let left = 0
  for (const [right, segment] of segments.entries()) {
    // Both lists run downwards: segments of the column before that end above this one end above all that follow.
    const start = segment.start - height - reach
    const end = segment.end - height + reach
    while (left < right && (segments[left].column < segment.column - 1 || segments[left].end <= start)) left++
    for (let other = left; other < right; other++) {
      if (segments[other].column !== segment.column - 1 || segments[other].start >= end) break
      const [a, b] = [rootOf(parents, other), rootOf(parents, right)]
      parents[Math.max(a, b)] = Math.min(a, b)
    }
  }
  return parents.map((_, index) => rootOf(parents, index))
}

function maskOfSegments(segments: readonly Segment[], size: RunLengths['size']): RunLengths {
  const [height, width] = size
  const writer = new RunLengthWriter()
  let position = 0
  for (const { start, end } of segments) {
    writer.append(start - position, 0)
    writer.append(end - start, 1)
    position = end
  }
  writer.append(height * width - position, 0)
  return writer.finish(width, height)
}

/** The connected parts of a mask, the largest first, equal ones in column-major order. */
export function splitIntoComponents(mask: RunLengths, options: ComponentOptions): Component[] {
  const segments = [...columnSegments(mask)]
  const labels = labelSegments(segments, mask.size[0], options.connectivity)
  const parts = Map.groupBy(segments.keys(), (index) => labels[index])
  const components: Component[] = []
  for (const indices of parts.values()) {
    const part = indices.map((index) => segments[index])
    const area = part.reduce((sum, { start, end }) => sum + end - start, 0)
    if (area < options.minimumArea) continue
    const partMask = maskOfSegments(part, mask.size)
    components.push({ mask: partMask, area, box: boundingBox(partMask) })
  }
  return components.sort((a, b) => b.area - a.area)
}

/** {@link splitIntoComponents} of a bitmap. */
export function connectedComponents(bitmap: Bitmap, options: ComponentOptions): Component[] {
  return splitIntoComponents(encodeRunLengths(bitmap), options)
}
