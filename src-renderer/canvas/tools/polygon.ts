import type { Annotation, Shape } from '../../../src-main/contract/index.ts'
import { area, intersect, rasterisePolygons, subtract, unite } from '../../../src-main/masks/index.ts'
import { clampTo, distance, nearestOnLine, toPoints, toRing, type Point, type Size } from '../geometry.ts'
import { contains } from '../hit.ts'
import { paintCorners, paintLine } from './paint-line.ts'
import { deselect, type Drawing, type Look, type Pointer, type Tool } from './tool.ts'

/** A ring of the selected annotation; a hole is cut out of the others. */
interface Ring {
  points: Point[]
  isHole: boolean
}

/** A corner of the selected annotation: ring and index. */
interface Corner {
  ring: number
  index: number
}

/** What a ring becomes: a new annotation (null), or a part or a hole of one that is there; `within`: as long as it stays inside. */
type Purpose = { id: number; as: 'part' | 'hole'; within: Annotation | null } | null

type State =
  | { name: 'idle' }
  /** Corners so far, and where the pointer is. */
  | { name: 'drawing'; points: Point[]; next: Point; purpose: Purpose }
  /** Rings of the annotation as they are while a corner of them is dragged. */
  | { name: 'dragging'; id: number; rings: Ring[]; corner: Corner; moved: boolean }

/** So near, in pixels of the screen, a corner or an edge is meant. */
const reach = 8
const fewestCorners = 3
const holeColour = '#ffffff'

/**
 * Click corners; or, with an annotation that was drawn as polygons selected, drag, add and delete its corners. A ring that lies
 * inside the selected annotation is a hole in it, as is one that begins with Alt inside any; with Shift it is another part.
 */
export class PolygonTool implements Tool {
  readonly cursor = 'crosshair'
  readonly #drawing: Drawing
  #state: State = { name: 'idle' }

  constructor(drawing: Drawing) {
    this.#drawing = drawing
  }

  down(pointer: Pointer): void {
    if (this.#state.name === 'drawing') this.#addCorner(this.#state, pointer.at)
    else if (!this.#beginEdit(pointer)) this.#begin(pointer)
  }

  move({ at }: Pointer): void {
    const point = clampTo(this.#drawing.image, at)
    if (this.#state.name === 'drawing') this.#state = { ...this.#state, next: point }
    if (this.#state.name === 'dragging') {
      const { rings, corner } = this.#state
      rings[corner.ring].points[corner.index] = point
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
    const { purpose } = this.#state
    const points = withoutRepeats(this.#state.points, this.#drawing.pixel)
    if (points.length < fewestCorners) return
    this.#state = { name: 'idle' }
    const ring = toRing(points)
    const { image } = this.#drawing
    if (!purpose) this.#drawing.add({ kind: 'polygons', rings: [ring] })
    else if (purpose.as === 'hole') this.#drawing.reshape(purpose.id, (each) => withHole(each, ring, image))
    else this.#drawing.reshape(purpose.id, (each) => withPart(each, ring, image))
  }

  cancel(): boolean {
    const wasBusy = this.#state.name !== 'idle'
    this.#state = { name: 'idle' }
    return wasBusy || deselect(this.#drawing)
  }

  takeBack(): boolean {
    if (this.#state.name !== 'drawing') return false
    const points = this.#state.points.slice(0, -1)
    this.#state = points.length === 0 ? { name: 'idle' } : { ...this.#state, points }
    return true
  }

  paint(context: CanvasRenderingContext2D, { colour }: Look): void {
    const { pixel } = this.#drawing
    if (this.#state.name === 'drawing') {
      const { points, next, purpose } = this.#state
      const drawn = purpose?.as === 'hole' ? holeColour : colour
      paintLine(context, [...points, next], drawn, pixel)
      paintCorners(context, points, drawn, pixel)
      return
    }
    const dragged = this.#state.name === 'dragging' ? this.#state.rings : null
    for (const { points, isHole } of dragged ?? ringsOf(this.#drawing.selected)) {
      if (dragged) paintLine(context, [...points, points[0]], isHole ? holeColour : colour, pixel)
      paintCorners(context, points, colour, pixel)
    }
  }

  #begin({ at, shift, alt }: Pointer): void {
    const point = clampTo(this.#drawing.image, at)
    const purpose = this.#purposeAt(point, shift, alt)
    if (!purpose) this.#drawing.select([])
    this.#state = { name: 'drawing', points: [point], next: point, purpose }
  }

  #purposeAt(point: Point, shift: boolean, alt: boolean): Purpose {
    const { selected } = this.#drawing
    if (selected && shift) return { id: selected.id, as: 'part', within: null }
    const under = alt ? (selected ?? this.#drawing.annotationsAt(point).at(0)) : undefined
    if (under) return { id: under.id, as: 'hole', within: null }
    return selected && contains(selected.mask, point) ? { id: selected.id, as: 'hole', within: selected } : null
  }

  /** The first corner, clicked again, closes the polygon. */
  #addCorner(state: Extract<State, { name: 'drawing' }>, at: Point): void {
    const { points } = state
    const closes = points.length >= fewestCorners && distance(points[0], at) <= reach * this.#drawing.pixel
    if (closes) {
      this.finish()
      return
    }
    const point = clampTo(this.#drawing.image, at)
    const left = state.purpose?.within && !contains(state.purpose.within.mask, point)
    if (left) this.#drawing.select([])
    this.#state = { ...state, points: [...points, point], next: point, purpose: left ? null : state.purpose }
  }

  /** @returns whether the pointer is at a corner or an edge of what is selected */
  #beginEdit({ at, alt }: Pointer): boolean {
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

  #cornerAt(rings: Ring[], at: Point): Corner | null {
    for (const [ring, { points }] of rings.entries()) {
      const index = points.findIndex((point) => distance(point, at) <= reach * this.#drawing.pixel)
      if (index >= 0) return { ring, index }
    }
    return null
  }

  /** A new corner on the edge under the pointer. */
  #insertCorner(rings: Ring[], at: Point): Corner | null {
    for (const [ring, { points }] of rings.entries())
      for (const [i, start] of points.entries()) {
        const end = points[(i + 1) % points.length]
        if (distance(nearestOnLine(at, start, end), at) > (reach / 2) * this.#drawing.pixel) continue
        points.splice(i + 1, 0, clampTo(this.#drawing.image, at))
        return { ring, index: i + 1 }
      }
    return null
  }

  #removeCorner(id: number, rings: Ring[], { ring, index }: Corner): void {
    rings[ring].points.splice(index, 1)
    this.#commit(
      id,
      rings.filter(({ points }) => points.length >= fewestCorners),
    )
  }

  #commit(id: number, rings: Ring[]): void {
    const [outer, holes] = [false, true].map((isHole) =>
      rings.filter((ring) => ring.isHole === isHole).map(({ points }) => toRing(points)),
    )
    this.#drawing.reshape(id, () => (outer.length === 0 ? null : { kind: 'polygons', rings: outer, holes }))
  }
}

function ringsOf(annotation: Annotation | null): Ring[] {
  if (!annotation?.polygons) return []
  const rings = (of: number[][], isHole: boolean) => of.map((ring) => ({ points: toPoints(ring), isHole }))
  return [...rings(annotation.polygons, false), ...rings(annotation.holes, true)]
}

function withHole({ mask, polygons, holes }: Annotation, ring: number[], image: Size): Shape {
  if (polygons) return { kind: 'polygons', rings: polygons, holes: [...holes, ring] }
  return { kind: 'mask', mask: subtract(mask, rasterisePolygons([ring], image.width, image.height)) }
}

/** A part in a hole can only be said by a mask: holes are cut out of all parts. */
function withPart({ mask, polygons, holes }: Annotation, ring: number[], { width, height }: Size): Shape {
  const part = rasterisePolygons([ring], width, height)
  const meetsHole = area(intersect(part, rasterisePolygons(holes, width, height))) > 0
  if (polygons && !meetsHole) return { kind: 'polygons', rings: [...polygons, ring], holes }
  return { kind: 'mask', mask: unite(mask, part) }
}

/** A double click puts two corners at one place. */
function withoutRepeats(points: Point[], pixel: number): Point[] {
  return points.filter((point, i) => i === 0 || distance(point, points[i - 1]) > pixel)
}
