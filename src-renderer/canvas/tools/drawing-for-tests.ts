import type { Annotation, RunLengths, Shape } from '../../../src-main/contract/index.ts'
import { area, boundingBox, rasterisePolygons, unite } from '../../../src-main/masks/index.ts'
import { annotationAt } from '../hit.ts'
import type { Point } from '../geometry.ts'
import type { Drawing, Pointer } from './tool.ts'

/** Annotations in memory, for tools to draw on: an image of 100 x 80 pixels, each one pixel of the screen. */
export class Sheet implements Drawing {
  readonly image = { width: 100, height: 80 }
  readonly pixel = 1
  brushRadius = 5
  annotations: Annotation[] = []
  selectedId: number | null = null

  get selected(): Annotation | null {
    return this.annotations.find(({ id }) => id === this.selectedId) ?? null
  }

  annotationAt(point: Point): Annotation | null {
    return annotationAt(this.annotations, point)
  }

  select(id: number | null): void {
    this.selectedId = id
  }

  add(shape: Shape): void {
    const id = this.annotations.length + 1
    this.annotations.push({ ...plain, id, ...this.#outline(shape) })
    this.selectedId = id
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

  #outline(shape: Shape) {
    const { width, height } = this.image
    const mask = shape.kind === 'mask' ? shape.mask : rasterisePolygons(shape.rings, width, height)
    return { mask, polygons: shape.kind === 'mask' ? null : shape.rings, box: boundingBox(mask), area: area(mask) }
  }
}

const plain: Omit<Annotation, 'id' | 'mask' | 'polygons' | 'box' | 'area'> = {
  ...{ imageId: 1, classId: 1, source: 'person', state: 'accepted', score: null, similarity: null, runId: null },
  ...{ sourceAnnotationId: null, crowd: false, attributes: {} },
}

export const at = (x: number, y: number, held: Partial<Pointer> = {}): Pointer => ({
  at: { x, y },
  shift: false,
  alt: false,
  ...held,
})
