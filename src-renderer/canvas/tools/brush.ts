import type { Annotation, RunLengths, Shape } from '../../../src-main/contract/index.ts'
import { area, subtract, unite } from '../../../src-main/masks/index.ts'
import type { Point } from '../geometry.ts'
import { strokeMask } from '../stroke-mask.ts'
import { deselect, type Drawing, type Look, type Pointer, type Tool } from './tool.ts'

type State =
  | { name: 'idle' }
  /** `target`: what it changes; null for a new annotation. */
  | { name: 'stroking'; points: Point[]; target: number | null; radius: number }

/** A round brush, or eraser, that changes the selected annotation. With none selected the brush begins a new one. */
export class BrushTool implements Tool {
  readonly cursor = 'none'
  readonly #drawing: Drawing
  readonly #mode: 'paint' | 'erase'
  #state: State = { name: 'idle' }
  /** Where the last stroke ended: with Shift the next one is a line from there. */
  #lastEnd: Point | null = null

  constructor(drawing: Drawing, mode: 'paint' | 'erase') {
    this.#drawing = drawing
    this.#mode = mode
  }

  down({ at, shift }: Pointer): void {
    const target = this.#findTarget(at)
    if (target === null && this.#mode === 'erase') return
    const start = shift && this.#lastEnd ? [this.#lastEnd, at] : [at]
    this.#state = { name: 'stroking', points: start, target, radius: this.#drawing.brushRadius }
  }

  move({ at }: Pointer): void {
    if (this.#state.name === 'stroking') this.#state.points.push(at)
  }

  up(): void {
    const state = this.#state
    if (state.name !== 'stroking') return
    this.#state = { name: 'idle' }
    this.#lastEnd = state.points.at(-1) ?? null
    const stroke = strokeMask(state.points, state.radius, this.#drawing.image)
    if (area(stroke) === 0) return // beside the image
    if (state.target === null) this.#drawing.paint(stroke)
    else this.#drawing.reshape(state.target, (annotation) => this.#change(annotation, stroke))
  }

  cancel(): boolean {
    if (this.#state.name === 'stroking') {
      this.#state = { name: 'idle' }
      return true
    }
    return deselect(this.#drawing)
  }

  paint(context: CanvasRenderingContext2D, { colour, pointer }: Look): void {
    const { pixel } = this.#drawing
    if (this.#state.name === 'stroking') this.#paintStroke(context, this.#state, colour)
    if (!pointer) return
    context.beginPath()
    context.arc(pointer.x, pointer.y, this.#drawing.brushRadius, 0, 2 * Math.PI)
    for (const [width, style] of [
      [3, 'rgb(0 0 0 / 55%)'],
      [1.5, this.#mode === 'paint' ? colour : '#ffffff'],
    ] as const) {
      context.lineWidth = width * pixel
      context.strokeStyle = style
      context.stroke()
    }
  }

  #paintStroke(
    context: CanvasRenderingContext2D,
    { points, radius }: { points: Point[]; radius: number },
    colour: string,
  ) {
    context.save()
    context.globalAlpha = 0.55
    context.strokeStyle = this.#mode === 'paint' ? colour : '#ffffff'
    context.lineWidth = 2 * radius
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(points[0].x, points[0].y)
    // A line of no length shows its round caps.
    for (const { x, y } of points) context.lineTo(x, y)
    context.stroke()
    context.restore()
  }

  /** The eraser takes what is under it where nothing is selected. */
  #findTarget(at: Point): number | null {
    const { selected } = this.#drawing
    if (selected) return selected.id
    if (this.#mode === 'paint') return null
    const under = this.#drawing.annotationsAt(at).at(0)
    if (under) this.#drawing.select([under.id])
    return under?.id ?? null
  }

  #change(annotation: Annotation, stroke: RunLengths): Shape | null {
    const mask = (this.#mode === 'paint' ? unite : subtract)(annotation.mask, stroke)
    return area(mask) === 0 ? null : { kind: 'mask', mask }
  }
}
