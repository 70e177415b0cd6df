import type { Annotation } from '../../src-main/contract/index.ts'
import type { Box, Size } from './geometry.ts'
import type { MaskOutlines } from './mask-outlines.ts'
import { enterImage, inSight, overlap, paintMasks } from './paint.ts'
import type { View } from './view.ts'

/** All that the masks are painted from. */
export interface Scene {
  /** From back to front. */
  annotations: readonly Annotation[]
  selectedIds: readonly number[]
  view: View
  image: Size
  /** Of the canvas, in pixels of the screen. */
  room: Size
  density: number
  look: {
    colourOf: (annotation: Annotation) => string
    opacity: number
    outlines: boolean
  }
  /** Differs where any mask would look otherwise. */
  lookKey: string
}

interface Painted {
  scene: Scene
  selected: ReadonlySet<number>
  /** Those whose outlines were not traced in time. */
  missing: ReadonlySet<number>
}

/** Time for outlines that are not traced yet, in milliseconds a frame. */
const tracing = 8
/** Lines reach this far out of a mask's box, in pixels of the screen. */
const rim = 4

/** The masks as they are seen, kept: of a change only the surroundings are painted anew, so that hundreds of masks cost what one does. */
export class MaskLayer {
  readonly #canvas = document.createElement('canvas')
  readonly #outlines: MaskOutlines
  #painted: Painted | null = null

  constructor(outlines: MaskOutlines) {
    this.#outlines = outlines
  }

  /** Whether bringing the layer up to date means painting all of it. */
  isOutdated(scene: Scene): boolean {
    const before = this.#painted?.scene
    return !before || !sameView(before, scene) || before.lookKey !== scene.lookKey
  }

  /** @returns whether everything is there: else outlines are still to be traced, in the next frames */
  update(scene: Scene): boolean {
    const selected = new Set(scene.selectedIds)
    const stale = this.isOutdated(scene)
      ? inSight(scene.view, scene.image, scene.room)
      : this.#changedBox(scene, selected)
    const missing = stale ? this.#paint(scene, stale) : new Set<number>()
    this.#painted = { scene, selected, missing }
    this.#outlines.keepOnly(scene.annotations)
    return missing.size === 0
  }

  /** Onto a canvas of the same size. Where the view has moved on, what there is moves with it. */
  draw(context: CanvasRenderingContext2D, { view, density }: Scene): void {
    if (!this.#painted) return
    const { view: painted } = this.#painted.scene
    const grown = view.scale / painted.scale
    const left = (view.left - grown * painted.left) * density
    const top = (view.top - grown * painted.top) * density
    context.setTransform(grown, 0, 0, grown, left, top)
    context.drawImage(this.#canvas, 0, 0)
  }

  /** What holds all masks that are not as they were painted; null where all are. */
  #changedBox({ annotations, view, density }: Scene, selected: ReadonlySet<number>): Box | null {
    const painted = this.#painted
    if (!painted) return null
    const before = new Map(painted.scene.annotations.map((annotation) => [annotation.id, annotation]))
    const now = new Map(annotations.map((annotation) => [annotation.id, annotation]))
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
      (id) =>
        before.get(id) !== now.get(id) || painted.selected.has(id) !== selected.has(id) || painted.missing.has(id),
    )
    const boxes = changed.flatMap((id) => [before.get(id)?.box ?? [], now.get(id)?.box ?? []].flat())
    return boxes.length === 0 ? null : onWholePixels(around(boxes, (rim + 1) / view.scale), view, density)
  }

  #paint(scene: Scene, stale: Box): ReadonlySet<number> {
    const { view, density, room, look, annotations, selectedIds } = scene
    const width = Math.round(room.width * density)
    const height = Math.round(room.height * density)
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width
      this.#canvas.height = height
    }
    const context = this.#canvas.getContext('2d')
    if (!context) return new Set()
    context.save()
    if (this.isOutdated(scene)) {
      context.setTransform(1, 0, 0, 1, 0, 0)
      context.clearRect(0, 0, width, height)
      enterImage(context, view, density)
    } else {
      enterImage(context, view, density)
      context.beginPath()
      context.rect(stale.x, stale.y, stale.width, stale.height)
      context.clip()
      context.clearRect(stale.x, stale.y, stale.width, stale.height)
    }
    const reached = around([stale], rim / view.scale)
    const near = annotations.filter(({ box }) => overlap(box, reached))
    const deadline = performance.now() + tracing
    const missing = paintMasks(context, near, this.#outlines, { ...look, selectedIds, scale: view.scale, deadline })
    context.restore()
    return new Set(missing.map(({ id }) => id))
  }
}

function sameView(a: Scene, b: Scene): boolean {
  const { view, room, density } = a
  return (
    view.scale === b.view.scale &&
    view.left === b.view.left &&
    view.top === b.view.top &&
    room.width === b.room.width &&
    room.height === b.room.height &&
    density === b.density
  )
}

/** The box around all of them, with a rim. */
function around(boxes: readonly Box[], rimWidth: number): Box {
  const left = Math.min(...boxes.map(({ x }) => x)) - rimWidth
  const top = Math.min(...boxes.map(({ y }) => y)) - rimWidth
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + rimWidth
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + rimWidth
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Grown to whole pixels of the screen: what is painted on both sides of an edge must not mix there. */
function onWholePixels({ x, y, width, height }: Box, { scale, left, top }: View, density: number): Box {
  const before = (position: number, offset: number) =>
    (Math.floor((offset + scale * position) * density) / density - offset) / scale
  const after = (position: number, offset: number) =>
    (Math.ceil((offset + scale * position) * density) / density - offset) / scale
  const [startX, startY] = [before(x, left), before(y, top)]
  return { x: startX, y: startY, width: after(x + width, left) - startX, height: after(y + height, top) - startY }
}
