import type { Annotation } from '../../../src-main/contract/index.ts'
import { boxBetween, clampTo, type Box, type Point } from '../geometry.ts'
import { paintCorners, paintLine } from './paint-line.ts'
import { deselect, type Drawing, type Look, type Pointer, type Tool } from './tool.ts'

type State =
  | { name: 'idle' }
  | { name: 'drawing'; from: Point; to: Point }
  /** A side or a corner of the selected box is dragged: `fixed` is the corner that stays. */
  | { name: 'resizing'; id: number; fixed: Point; free: Point; moves: { x: boolean; y: boolean } }

/** So near, in pixels of the screen, a side is meant. */
const reach = 7

/** Drag a box; or, with an annotation selected that is one, drag its sides and corners. Whole pixels; with Shift a square. */
export class BoxTool implements Tool {
  readonly cursor = 'crosshair'
  readonly #drawing: Drawing
  #state: State = { name: 'idle' }

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  down({ at }: Pointer): void {
    const from = this.#onPixels(at)
    const grabbed = this.#grab(at)
    if (!grabbed) this.#drawing.select([])
    this.#state = grabbed ?? { name: 'drawing', from, to: from }
  }

  move({ at, shift }: Pointer): void {
    const to = this.#onPixels(at)
    if (this.#state.name === 'drawing') {
      const { from } = this.#state
      this.#state = { name: 'drawing', from, to: shift ? clampTo(this.#drawing.image, squareCorner(from, to)) : to }
    } else if (this.#state.name === 'resizing') {
      const { free, moves } = this.#state
      this.#state = { ...this.#state, free: { x: moves.x ? to.x : free.x, y: moves.y ? to.y : free.y } }
    }
  }

  up(): void {
    const state = this.#state
    const box = this.#box()
    this.#state = { name: 'idle' }
    if (!box || box.width === 0 || box.height === 0) return
    const shape = { kind: 'polygons' as const, rings: [ringOf(box)] }
    if (state.name === 'resizing') this.#drawing.reshape(state.id, () => shape)
    else this.#drawing.add(shape)
  }

  cancel(): boolean {
    const wasDragging = this.#state.name !== 'idle'
    this.#state = { name: 'idle' }
    return wasDragging || deselect(this.#drawing)
  }

  paint(context: CanvasRenderingContext2D, { colour }: Look): void {
    const { pixel } = this.#drawing
    const drawn = this.#box()
    const box = drawn ?? boxOf(this.#drawing.selected)
    if (!box) return
    const { x, y, width, height } = box
    const corners = [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ]
    if (drawn) paintLine(context, [...corners, corners[0]], colour, pixel)
    paintCorners(context, corners, colour, pixel)
  }

  /** What is being drawn or dragged. */
  #box(): Box | null {
    if (this.#state.name === 'drawing') return boxBetween(this.#state.from, this.#state.to)
    if (this.#state.name === 'resizing') return boxBetween(this.#state.fixed, this.#state.free)
    return null
  }

  /** The sides of the selected box that the pointer is at, with the corner that stays. */
  #grab(at: Point): State | null {
    const { selected } = this.#drawing
    const box = boxOf(selected)
    if (!selected || !box) return null
    const near = reach * this.#drawing.pixel
    const horizontal = sideAt(at.x, box.x, box.x + box.width, near)
    const vertical = sideAt(at.y, box.y, box.y + box.height, near)
    if (!horizontal || !vertical || (horizontal.free === null && vertical.free === null)) return null
    return {
      name: 'resizing',
      id: selected.id,
      fixed: { x: horizontal.fixed, y: vertical.fixed },
      free: { x: horizontal.free ?? box.x + box.width, y: vertical.free ?? box.y + box.height },
      moves: { x: horizontal.free !== null, y: vertical.free !== null },
    }
  }

  #onPixels(at: Point): Point {
    const { x, y } = clampTo(this.#drawing.image, at)
    return { x: Math.round(x), y: Math.round(y) }
  }
}

/** Along one axis: which end is at the position; `free` null where it is between them; null where it is off both. */
function sideAt(
  position: number,
  start: number,
  end: number,
  near: number,
): { fixed: number; free: number | null } | null {
  if (Math.abs(position - end) <= near) return { fixed: start, free: end }
  if (Math.abs(position - start) <= near) return { fixed: end, free: start }
  return position > start && position < end ? { fixed: start, free: null } : null
}

/** The corner that makes a square of the drag. */
function squareCorner(from: Point, to: Point): Point {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))
  return { x: from.x + Math.sign(to.x - from.x || 1) * side, y: from.y + Math.sign(to.y - from.y || 1) * side }
}

function ringOf({ x, y, width, height }: Box): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height]
}

/** The box of an annotation that was drawn as one. */
function boxOf(annotation: Annotation | null): Box | null {
  if (!annotation || annotation.polygons?.length !== 1 || annotation.holes.length > 0) return null
  const [ring] = annotation.polygons
  const [left, top, right, , , bottom] = ring
  const box = { x: left, y: top, width: right - left, height: bottom - top }
  const isBox = ring.length === 8 && ringOf(box).every((coordinate, i) => coordinate === ring[i])
  return isBox ? box : null
}
