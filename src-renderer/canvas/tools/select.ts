import type { Annotation } from '../../../src-main/contract/index.ts'
import { boxBetween, distance, type Point } from '../geometry.ts'
import { deselect, type Drawing, type Look, type Pointer, type Tool } from './tool.ts'

type State =
  | { name: 'idle' }
  /** A press that may become a drag; `on`: what it is on. */
  | { name: 'pressed'; from: Point; on: Annotation | null; shift: boolean }
  | { name: 'moving'; from: Point; by: Point }
  | { name: 'marquee'; from: Point; to: Point; before: readonly number[] }

/** So far, in pixels of the screen, a press may slip and be a click. */
const slip = 4

/** Click to select, Shift-click for several, drag to move what is selected; from an empty place, a drag selects what lies in its box. */
export class SelectTool implements Tool {
  readonly cursor = 'default'
  readonly #drawing: Drawing
  #state: State = { name: 'idle' }

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  down({ at, shift, alt }: Pointer): void {
    const under = this.#drawing.annotationsAt(at)
    // With Alt, what lies under what is selected.
    const on = under.at(alt ? under.findIndex((each) => this.#isSelected(each)) + 1 : 0) ?? under.at(0) ?? null
    this.#state = { name: 'pressed', from: at, on, shift }
    if (on && !shift && !this.#isSelected(on)) this.#drawing.select([on.id])
  }

  move({ at }: Pointer): void {
    if (this.#state.name === 'pressed') this.#state = this.#dragged(this.#state, at)
    if (this.#state.name === 'moving') {
      const { from } = this.#state
      this.#state = { ...this.#state, by: { x: Math.round(at.x - from.x), y: Math.round(at.y - from.y) } }
    } else if (this.#state.name === 'marquee') this.#state = { ...this.#state, to: at }
  }

  up(): void {
    const state = this.#state
    this.#state = { name: 'idle' }
    if (state.name === 'pressed') this.#click(state.on, state.shift)
    else if (state.name === 'moving') this.#drawing.move(state.by)
    else if (state.name === 'marquee') {
      const within = this.#drawing.annotationsWithin(boxBetween(state.from, state.to)).map(({ id }) => id)
      this.#drawing.select([...state.before, ...within.filter((id) => !state.before.includes(id))])
    }
  }

  cancel(): boolean {
    const wasDragging = this.#state.name !== 'idle'
    this.#state = { name: 'idle' }
    return wasDragging || deselect(this.#drawing)
  }

  paint(context: CanvasRenderingContext2D, look: Look): void {
    if (this.#state.name === 'moving') this.#paintMoved(context, this.#state.by, look)
    else if (this.#state.name === 'marquee') this.#paintMarquee(context, this.#state)
  }

  #click(on: Annotation | null, shift: boolean): void {
    const ids = this.#drawing.selection.map(({ id }) => id)
    if (!shift) this.#drawing.select(on ? [on.id] : [])
    else if (on) this.#drawing.select(ids.includes(on.id) ? ids.filter((id) => id !== on.id) : [...ids, on.id])
  }

  #dragged(state: Extract<State, { name: 'pressed' }>, at: Point): State {
    const { from, on, shift } = state
    if (distance(from, at) <= slip * this.#drawing.pixel) return state
    if (!on || shift) {
      const before = shift ? this.#drawing.selection.map(({ id }) => id) : []
      return { name: 'marquee', from, to: at, before }
    }
    return { name: 'moving', from, by: { x: 0, y: 0 } }
  }

  #isSelected({ id }: Annotation): boolean {
    return this.#drawing.selection.some((each) => each.id === id)
  }

  #paintMoved(context: CanvasRenderingContext2D, by: Point, look: Look): void {
    context.save()
    context.translate(by.x, by.y)
    for (const annotation of this.#drawing.selection) {
      const outline = look.outlineOf(annotation)
      context.globalAlpha = 0.5
      context.fillStyle = look.colourOf(annotation)
      context.fill(outline, 'evenodd')
      context.globalAlpha = 1
      context.lineWidth = 1.5 * this.#drawing.pixel
      context.strokeStyle = '#ffffff'
      context.stroke(outline)
    }
    context.restore()
  }

  #paintMarquee(context: CanvasRenderingContext2D, { from, to }: { from: Point; to: Point }): void {
    const { pixel } = this.#drawing
    const { x, y, width, height } = boxBetween(from, to)
    context.fillStyle = 'rgb(255 255 255 / 12%)'
    context.fillRect(x, y, width, height)
    for (const [style, offset] of [
      ['#000000', 0],
      ['#ffffff', 4],
    ] as const) {
      context.setLineDash([4 * pixel, 4 * pixel])
      context.lineDashOffset = offset * pixel
      context.lineWidth = pixel
      context.strokeStyle = style
      context.strokeRect(x, y, width, height)
    }
    context.setLineDash([])
  }
}
