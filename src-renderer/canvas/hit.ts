import type { Annotation, RunLengths } from '../../src-main/contract/index.ts'
import type { Point } from './geometry.ts'

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

/** The annotation under the point: where several lie, the smallest, which the others would hide. */
export function annotationAt(annotations: readonly Annotation[], point: Point): Annotation | null {
  const under = annotations.filter(
    ({ box, mask }) =>
      point.x >= box.x &&
      point.x < box.x + box.width &&
      point.y >= box.y &&
      point.y < box.y + box.height &&
      contains(mask, point),
  )
  return under.reduce<Annotation | null>((best, each) => (best && best.area <= each.area ? best : each), null)
}
