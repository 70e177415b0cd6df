import type { Annotation } from '../../../src-main/contract/index.ts'
import { clampTo, distance, nearestOnLine, toPoints, toRing, type Point } from '../geometry.ts'
import type { Drawing, Look, Pointer, Tool } from './tool.ts'

/** A corner of the selected annotation: ring and index. */
interface Corner {
  ring: number
  index: number
}

type State =
  | { name: 'idle' }
  /** Corners so far, and where the pointer is. */
  | { name: 'drawing'; points: Point[]; next: Point }
  /** Rings of the annotation as they are while a corner of them is dragged. */
  | { name: 'dragging'; id: number; rings: Point[][]; corner: Corner; moved: boolean }

/** So near, in pixels of the screen, a corner or an edge is meant. */
const reach = 8
const fewestCorners = 3

/** Click corners; or, with an annotation that was drawn as polygons selected, drag, add and delete its corners. */
export class PolygonTool implements Tool {
  readonly cursor = 'crosshair'
  readonly #drawing: Drawing
  #state: State = { name: 'idle' }

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  down({ at, alt }: Pointer): void {
    if (this.#state.name === 'drawing') this.#addCorner(this.#state.points, at)
    else if (!this.#beginEdit(at, alt)) this.#begin(at)
  }

  move({ at }: Pointer): void {
    const point = clampTo(this.#drawing.image, at)
    if (this.#state.name === 'drawing') this.#state = { ...this.#state, next: point }
    if (this.#state.name === 'dragging') {
      const { rings, corner } = this.#state
      rings[corner.ring][corner.index] = point
      this.#state = { ...this.#state, moved: true }
    }
  }

  up(): void {
    if (this.#state.name !== 'dragging') return
    const { id, rings, moved } = this.#state
    this.#state = { name: 'idle' }
    if (moved) this.#commit(id, rings)
  }

  doubleClick(): void {
    this.finish()
  }

  finish(): void {
    if (this.#state.name !== 'drawing') return
    const points = withoutRepeats(this.#state.points, this.#drawing.pixel)
    if (points.length < fewestCorners) return
    this.#state = { name: 'idle' }
    this.#drawing.add({ kind: 'polygons', rings: [toRing(points)] })
  }

  cancel(): boolean {
    if (this.#state.name !== 'idle') {
      this.#state = { name: 'idle' }
      return true
    }
    const hadSelection = this.#drawing.selected !== null
    this.#drawing.select(null)
    return hadSelection
  }

  takeBack(): boolean {
    if (this.#state.name !== 'drawing') return false
    const points = this.#state.points.slice(0, -1)
    this.#state = points.length === 0 ? { name: 'idle' } : { ...this.#state, points }
    return true
  }

  paint(context: CanvasRenderingContext2D, { colour }: Look): void {
    if (this.#state.name === 'drawing') {
      const { points, next } = this.#state
      paintLine(context, [...points, next], colour, this.#drawing.pixel)
      paintCorners(context, points, colour, this.#drawing.pixel)
      return
    }
    const rings = this.#state.name === 'dragging' ? this.#state.rings : ringsOf(this.#drawing.selected)
    for (const ring of rings) {
      if (this.#state.name === 'dragging') paintLine(context, [...ring, ring[0]], colour, this.#drawing.pixel)
      paintCorners(context, ring, colour, this.#drawing.pixel)
    }
  }

  #begin(at: Point): void {
    const point = clampTo(this.#drawing.image, at)
    this.#drawing.select(null)
    this.#state = { name: 'drawing', points: [point], next: point }
  }

  /** The first corner, clicked again, closes the polygon. */
  #addCorner(points: Point[], at: Point): void {
    const closes = points.length >= fewestCorners && distance(points[0], at) <= reach * this.#drawing.pixel
    if (closes) {
      this.finish()
      return
    }
    const point = clampTo(this.#drawing.image, at)
    this.#state = { name: 'drawing', points: [...points, point], next: point }
  }

  /** @returns whether the pointer is at a corner or an edge of what is selected */
  #beginEdit(at: Point, alt: boolean): boolean {
    const { selected } = this.#drawing
    if (!selected) return false
    const rings = ringsOf(selected)
    const corner = this.#cornerAt(rings, at)
    if (corner && alt) {
      this.#removeCorner(selected.id, rings, corner)
      return true
    }
    const grabbed = corner ?? this.#insertCorner(rings, at)
    if (!grabbed) return false
    this.#state = { name: 'dragging', id: selected.id, rings, corner: grabbed, moved: corner === null }
    return true
  }

  #cornerAt(rings: Point[][], at: Point): Corner | null {
    for (const [ring, points] of rings.entries()) {
      const index = points.findIndex((point) => distance(point, at) <= reach * this.#drawing.pixel)
      if (index >= 0) return { ring, index }
    }
    return null
  }

  /** A new corner on the edge under the pointer. */
  #insertCorner(rings: Point[][], at: Point): Corner | null {
    for (const [ring, points] of rings.entries())
      for (const [i, start] of points.entries()) {
        const end = points[(i + 1) % points.length]
        if (distance(nearestOnLine(at, start, end), at) > (reach / 2) * this.#drawing.pixel) continue
        points.splice(i + 1, 0, clampTo(this.#drawing.image, at))
        return { ring, index: i + 1 }
      }
    return null
  }

  #removeCorner(id: number, rings: Point[][], { ring, index }: Corner): void {
    rings[ring].splice(index, 1)
    this.#commit(
      id,
      rings.filter((points) => points.length >= fewestCorners),
    )
  }

  #commit(id: number, rings: Point[][]): void {
    this.#drawing.reshape(id, () => (rings.length === 0 ? null : { kind: 'polygons', rings: rings.map(toRing) }))
  }
}

function ringsOf(annotation: Annotation | null): Point[][] {
  return (annotation?.polygons ?? []).map(toPoints)
}

/** A double click puts two corners at one place. */
function withoutRepeats(points: Point[], pixel: number): Point[] {
  return points.filter((point, i) => i === 0 || distance(point, points[i - 1]) > pixel)
}

function paintLine(context: CanvasRenderingContext2D, points: Point[], colour: string, pixel: number): void {
  context.beginPath()
  points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  for (const [width, style] of [
    [4, 'rgb(0 0 0 / 55%)'],
    [2, colour],
  ] as const) {
    context.lineWidth = width * pixel
    context.strokeStyle = style
    context.stroke()
  }
}

function paintCorners(context: CanvasRenderingContext2D, points: Point[], colour: string, pixel: number): void {
  const side = 7 * pixel
  context.lineWidth = 1.5 * pixel
  for (const [i, { x, y }] of points.entries()) {
    context.fillStyle = i === 0 ? colour : '#ffffff'
    context.strokeStyle = i === 0 ? '#ffffff' : 'rgb(0 0 0 / 80%)'
    context.fillRect(x - side / 2, y - side / 2, side, side)
    context.strokeRect(x - side / 2, y - side / 2, side, side)
  }
}
