import type { Click, RunLengths } from '../../../src-main/contract/index.ts'
import { toPath, trace } from '../mask-outlines.ts'
import { deselect, type Drawing, type Look, type Pointer, type Tool } from './tool.ts'

interface Preview {
  mask: RunLengths
  /** Made when it is first painted; filled by the even-odd rule it is the mask. */
  outline: Path2D | null
}

/**
 * Click an object and get its mask; more clicks add to it, with Alt they take away. What is seen is a preview until it is finished. The mask
 * of a click that was followed by another is not waited for.
 */
export class ObjectTool implements Tool {
  readonly cursor = 'crosshair'
  readonly #drawing: Drawing
  #clicks: readonly Click[] = []
  #preview: Preview | null = null
  /** Clicks, and the preview that belongs to them, have this number: answers to earlier ones are dropped. */
  #asked = 0
  #answered = true
  /** Enter came before the answer did. */
  #finishing = false

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  get isPreviewing(): boolean {
    return this.#preview !== null
  }

  down({ at, alt }: Pointer): void {
    const { width, height } = this.#drawing.image
    if (at.x < 0 || at.y < 0 || at.x >= width || at.y >= height) return
    if (this.#clicks.length === 0) {
      if (alt) return // there is nothing to take away from
      this.#drawing.select([])
    }
    this.#change([...this.#clicks, { ...at, adds: !alt }])
  }

  move(): void {}

  up(): void {}

  finish(): void {
    if (this.#clicks.length === 0) return
    if (!this.#answered) {
      this.#finishing = true
      return
    }
    const mask = this.#preview?.mask
    this.#reset()
    if (mask) this.#drawing.add({ kind: 'mask', mask })
  }

  cancel(): boolean {
    if (this.#clicks.length > 0) {
      this.#reset()
      return true
    }
    return deselect(this.#drawing)
  }

  takeBack(): boolean {
    if (this.#clicks.length === 0) return false
    const clicks = this.#clicks.slice(0, -1)
    if (clicks.length === 0) this.#reset()
    else this.#change(clicks)
    return true
  }

  retry(): void {
    if (this.#clicks.length > 0) this.#change(this.#clicks)
  }

  paint(context: CanvasRenderingContext2D, { colour }: Look): void {
    if (this.#preview) this.#paintPreview(context, this.#preview, colour)
    for (const click of this.#clicks) this.#paintClick(context, click, colour)
  }

  /** The preview stays until the new one is there. */
  #change(clicks: readonly Click[]): void {
    this.#clicks = clicks
    const asked = ++this.#asked
    this.#answered = false
    void this.#drawing.segment(clicks).then((mask) => {
      if (asked !== this.#asked) return
      this.#answered = true
      this.#preview = mask && { mask, outline: null }
      if (this.#finishing) this.finish()
      this.#drawing.repaint()
    })
  }

  #reset(): void {
    this.#asked++
    this.#answered = true
    this.#finishing = false
    this.#clicks = []
    this.#preview = null
  }

  #paintPreview(context: CanvasRenderingContext2D, preview: Preview, colour: string): void {
    const outline = preview.outline ?? toPath(trace(preview.mask))
    preview.outline = outline
    const { pixel } = this.#drawing
    context.save()
    context.globalAlpha = 0.5
    context.fillStyle = colour
    context.fill(outline, 'evenodd')
    context.globalAlpha = 1
    context.lineJoin = 'round'
    for (const [width, style] of [
      [3.5, 'rgb(0 0 0 / 55%)'],
      [1.5, '#ffffff'],
    ] as const) {
      context.lineWidth = width * pixel
      context.strokeStyle = style
      context.stroke(outline)
    }
    context.restore()
  }

  /** A disc with a plus, or a minus. */
  #paintClick(context: CanvasRenderingContext2D, { x, y, adds }: Click, colour: string): void {
    const { pixel } = this.#drawing
    const arm = 3 * pixel
    context.save()
    context.beginPath()
    context.arc(x, y, 7 * pixel, 0, 2 * Math.PI)
    context.fillStyle = adds ? colour : '#c5221f'
    context.fill()
    context.lineWidth = 1.5 * pixel
    context.strokeStyle = '#ffffff'
    context.stroke()
    context.beginPath()
    context.moveTo(x - arm, y)
    context.lineTo(x + arm, y)
    if (adds) {
      context.moveTo(x, y - arm)
      context.lineTo(x, y + arm)
    }
    context.stroke()
    context.restore()
  }
}
