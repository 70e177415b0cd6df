import type { Drawing, Pointer, Tool } from './tool.ts'

/** Click to select; a drag moves the view. */
export class SelectTool implements Tool {
  readonly cursor = 'default'
  readonly letsPan = true
  readonly #drawing: Drawing

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  down(): void {}

  move(): void {}

  up({ at }: Pointer): void {
    this.#drawing.select(this.#drawing.annotationAt(at)?.id ?? null)
  }

  cancel(): boolean {
    const hadSelection = this.#drawing.selected !== null
    this.#drawing.select(null)
    return hadSelection
  }

  paint(): void {}
}
