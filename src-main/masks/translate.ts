import type { RunLengths } from '../contract/index.ts'
import { columnSegments, RunLengthWriter } from './run-lengths.ts'

/** The mask moved by whole pixels, to the right and down; what leaves the image is cut off. */
export function translate(mask: RunLengths, dx: number, dy: number): RunLengths {
  const [height, width] = mask.size
  const writer = new RunLengthWriter()
  let position = 0
  for (const { start, end, column } of columnSegments(mask)) {
    const x = column + dx
    if (x < 0 || x >= width) continue
    const first = Math.max(0, start - column * height + dy)
    const last = Math.min(height, end - column * height + dy)
    if (first >= last) continue
    writer.append(x * height + first - position, 0)
    writer.append(last - first, 1)
    position = x * height + last
  }
  writer.append(height * width - position, 0)
  return writer.finish(width, height)
}
