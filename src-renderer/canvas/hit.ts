import type { Annotation, RunLengths } from '../../src-main/contract/index.ts'
import type { Box, Point } from './geometry.ts'

/** Whether the pixel under the point is in the mask. */
export function contains({ size: [height, width], counts }: RunLengths, { x, y }: Point): boolean {
  const column = Math.floor(x)
  const row = Math.floor(y)
  if (column < 0 || column >= width || row < 0 || row >= height) return false
  const position = column * height + row
  let end = 0
  for (const [i, count] of counts.entries()) {
    end += count
    if (position < end) return (i & 1) === 1
  }
  return false
}

/** The annotations under the point, the smallest first, which the others would hide. */
export function annotationsAt(annotations: readonly Annotation[], point: Point): Annotation[] {
  return annotations
    .filter(
      ({ box, mask }) =>
        point.x >= box.x &&
        point.x < box.x + box.width &&
        point.y >= box.y &&
        point.y < box.y + box.height &&
        contains(mask, point),
    )
    .sort((a, b) => a.area - b.area)
}

/** Those that lie in the box whole: what is large and behind all is not meant. */
export function annotationsWithin(annotations: readonly Annotation[], { x, y, width, height }: Box): Annotation[] {
  return annotations.filter(
    ({ box }) => box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height,
  )
}
