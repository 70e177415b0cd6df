import type { Annotation, RunLengths } from '../../src-main/contract/index.ts'
import { sameMask, tracePolygons } from '../../src-main/masks/index.ts'

/** A mask ready to be drawn: its pixels in its colour, where they lie, and its outline; in image pixels. */
export interface MaskPicture {
  fill: HTMLCanvasElement
  outline: Path2D
  x: number
  y: number
}

interface Kept {
  mask: RunLengths
  colour: string
  picture: MaskPicture
}

/** Pictures of the masks of one image, each made once for as long as its mask and colour stay. */
export class MaskPictures {
  #kept = new Map<number, Kept>()

  of({ id, mask, box }: Annotation, colour: string): MaskPicture {
    const kept = this.#kept.get(id)
    if (kept && kept.colour === colour && (kept.mask === mask || sameMask(kept.mask, mask))) return kept.picture
    const picture = { fill: paint(mask, box, colour), outline: trace(mask), x: box.x, y: box.y }
    this.#kept.set(id, { mask, colour, picture })
    return picture
  }

  /** Forgets those of annotations that are gone. */
  keepOnly(annotations: readonly Annotation[]): void {
    const ids = new Set(annotations.map(({ id }) => id))
    for (const id of this.#kept.keys()) if (!ids.has(id)) this.#kept.delete(id)
  }
}

function paint(mask: RunLengths, box: Annotation['box'], colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, box.width)
  canvas.height = Math.max(1, box.height)
  const context = canvas.getContext('2d')
  if (!context) return canvas
  context.fillStyle = colour
  for (const [column, first, count] of columnRuns(mask)) context.fillRect(column - box.x, first - box.y, 1, count)
  return canvas
}

/** The runs inside, cut at the ends of columns: [column, first row, rows]. */
function* columnRuns({ size: [height], counts }: RunLengths): Generator<[number, number, number]> {
  let position = 0
  for (const [i, count] of counts.entries()) {
    const end = position + count
    if ((i & 1) === 0) position = end
    while (position < end) {
      const row = position % height
      const rows = Math.min(height - row, end - position)
      yield [Math.floor(position / height), row, rows]
      position += rows
    }
  }
}

function trace(mask: RunLengths): Path2D {
  const { rings, holes } = tracePolygons(mask)
  const path = new Path2D()
  for (const ring of [...rings, ...holes]) {
    path.moveTo(ring[0], ring[1])
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1])
    path.closePath()
  }
  return path
}
