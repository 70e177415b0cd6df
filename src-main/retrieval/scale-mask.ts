import type { RunLengths } from '../contract/index.ts'
import { forEachVerticalRun } from './coverage.ts'
import type { Size } from './input-size.ts'

/** A mask at another size: each pixel takes what its centre lies on. Needs time by runs, not by pixels. */
export function scaleMask(mask: RunLengths, { width, height }: Size): RunLengths {
  const runs = runsOfColumns(mask, height)
  const columns = mask.size[1]
  const counts: number[] = []
  let end = 0 // of the last run, as a column-major position
  for (let x = 0; x < width; x++) {
    const column = Math.floor(((x + 0.5) * columns) / width)
    for (const { top, bottom } of runs[column]) {
      const start = x * height + top
      if (counts.length > 0 && start === end) counts[counts.length - 1] += bottom - top
      else counts.push(start - end, bottom - top)
      end = x * height + bottom
    }
  }
  if (end < width * height) counts.push(width * height - end)
  return { size: [height, width], counts }
}

/** For each column of the mask its runs, in rows of the new height; those that hold no row's centre are left out. */
function runsOfColumns(mask: RunLengths, height: number): { top: number; bottom: number }[][] {
  const [rows, columns] = mask.size
  const firstRowBelow = (edge: number): number => Math.ceil((edge * height) / rows - 0.5)
  const runs = Array.from({ length: columns }, (): { top: number; bottom: number }[] => [])
  forEachVerticalRun(mask, (column, start, stop) => {
    const [top, bottom] = [firstRowBelow(start), firstRowBelow(stop)]
    if (bottom > top) runs[column].push({ top, bottom })
  })
  return runs
}
