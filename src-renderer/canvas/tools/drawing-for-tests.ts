import type { Annotation, Click, RunLengths, Shape } from '../../../src-main/contract/index.ts'
import { area, boundingBox, rasterisePolygons, subtract, translate, unite } from '../../../src-main/masks/index.ts'
import { annotationsAt, annotationsWithin } from '../hit.ts'
import type { Box, Point } from '../geometry.ts'
import type { Drawing, Pointer } from './tool.ts'

/** Annotations in memory, for tools to draw on: an image of 100 x 80 pixels, each one pixel of the screen. */
export class Sheet implements Drawing {
  readonly image = { width: 100, height: 80 }
  readonly pixel = 1
  brushRadius = 5
  annotations: Annotation[] = []
  selectedIds: readonly number[] = []

  get selection(): readonly Annotation[] {
    return this.selectedIds.flatMap((id) => this.annotations.find((each) => each.id === id) ?? [])
  }

  get selected(): Annotation | null {
    return this.selection.length === 1 ? this.selection[0] : null
  }

  annotationsAt(point: Point): Annotation[] {
    return annotationsAt(this.annotations, point)
  }

  annotationsWithin(box: Box): Annotation[] {
    return annotationsWithin(this.annotations, box)
  }

  select(ids: readonly number[]): void {
    this.selectedIds = ids
  }

  add(shape: Shape): void {
    const id = this.annotations.length + 1
    this.annotations.push({ ...plain, id, ...this.#outline(shape) })
    this.selectedIds = [id]
  }

  paint(mask: RunLengths): void {
    const { selected } = this
    if (!selected) this.add({ kind: 'mask', mask })
    else this.reshape(selected.id, (annotation) => ({ kind: 'mask', mask: unite(annotation.mask, mask) }))
  }

  reshape(id: number, shape: (annotation: Annotation) => Shape | null): void {
    this.annotations = this.annotations.flatMap((annotation) => {
      if (annotation.id !== id) return [annotation]
      const changed = shape(annotation)
      return changed === null ? [] : [{ ...annotation, ...this.#outline(changed) }]
    })
  }

  move({ x, y }: Point): void {
    for (const { id } of this.selection) this.reshape(id, ({ mask }) => ({ kind: 'mask', mask: translate(mask, x, y) }))
  }

  /** An object is the pixel under each click that adds, and its neighbours to the right. */
  segment(clicks: readonly Click[]): Promise<RunLengths | null> {
    const rings = clicks.filter(({ adds }) => adds).map(({ x, y }) => [x, y, x + 4, y, x + 4, y + 4, x, y + 4])
    const { width, height } = this.image
    return Promise.resolve(rings.length === 0 ? null : rasterisePolygons(rings, width, height))
  }

  repaint(): void {}

  #outline(shape: Shape) {
    const { width, height } = this.image
    const { rings, holes = [] } = shape.kind === 'polygons' ? shape : { rings: null }
    const mask =
      shape.kind === 'mask'
        ? shape.mask
        : subtract(rasterisePolygons(shape.rings, width, height), rasterisePolygons(holes, width, height))
    return { mask, polygons: rings, holes, box: boundingBox(mask), area: area(mask) }
  }
}

const plain: Omit<Annotation, 'id' | 'mask' | 'polygons' | 'holes' | 'box' | 'area'> = {
  ...{ imageId: 1, classId: 1, source: 'person', state: 'accepted', score: null, similarity: null, runId: null },
  ...{ sourceAnnotationId: null, crowd: false, position: 0, hidden: false, locked: false, attributes: {} },
}

export const at = (x: number, y: number, held: Partial<Pointer> = {}): Pointer => ({
  at: { x, y },
  shift: false,
  alt: false,
  ...held,
})
