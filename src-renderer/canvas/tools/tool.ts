import type { Annotation, Click, RunLengths, Shape } from '../../../src-main/contract/index.ts'
import type { Box, Point, Size } from '../geometry.ts'

/** A pointer on the image. */
export interface Pointer {
  at: Point
  shift: boolean
  alt: boolean
}

/** What a tool draws on, and with. */
export interface Drawing {
  readonly image: Size
  /** Image pixels that one pixel of the screen covers: what is near is so on the screen. */
  readonly pixel: number
  readonly brushRadius: number
  /** In the order in which they were selected. */
  readonly selection: readonly Annotation[]
  /** The one that is selected; null where none is, or several are. */
  readonly selected: Annotation | null
  /** Under the point, the smallest first. What is hidden or locked does not get in the way. */
  annotationsAt(point: Point): Annotation[]
  annotationsWithin(box: Box): Annotation[]
  select(ids: readonly number[]): void
  /** A new annotation of the active class, which is then selected. */
  add(shape: Shape): void
  /** Part of the annotation that is selected by then, else a new one: strokes may follow each other faster than they are stored. */
  paint(mask: RunLengths): void
  /** Another shape for an annotation, from what it is when its turn comes; null deletes it. */
  reshape(id: number, shape: (annotation: Annotation) => Shape | null): void
  /** Moves what is selected by whole pixels. */
  move(by: Point): void
  /** The object under the clicks; null where there is none, or none can be found yet. */
  segment(clicks: readonly Click[]): Promise<RunLengths | null>
  /** What the tool paints has changed by itself. */
  repaint(): void
}

/** How tools look. */
export interface Look {
  /** Of the class that is drawn. */
  colour: string
  pointer: Point | null
  outlineOf: (annotation: Annotation) => Path2D
  colourOf: (annotation: Annotation) => string
}

/**
 * A small state machine: a gesture begins with `down`, is moved, and ends with `up`, which commits it, or with `cancel`, which leaves
 * nothing behind.
 */
export interface Tool {
  readonly cursor: string
  down(pointer: Pointer): void
  move(pointer: Pointer): void
  up(pointer: Pointer): void
  doubleClick?(): void
  /** Enter. */
  finish?(): void
  /** Escape. @returns whether there was something to cancel */
  cancel(): boolean
  /** Backspace, and undo in the middle of a gesture. @returns whether there was something to take back */
  takeBack?(): boolean
  /** What it works with has changed in the middle of a gesture. */
  retry?(): void
  /** Something is shown that is not kept yet. */
  readonly isPreviewing?: boolean
  /** What is seen of the gesture, in image coordinates. */
  paint(context: CanvasRenderingContext2D, look: Look): void
}

export type MakeTool = (drawing: Drawing) => Tool

/** What Escape does where no gesture is under way. @returns whether something was selected */
export function deselect(drawing: Drawing): boolean {
  const hadSelection = drawing.selection.length > 0
  drawing.select([])
  return hadSelection
}
