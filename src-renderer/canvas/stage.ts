import { ImageLayer } from './image-layer.ts'
import { MaskLayer, type Scene } from './mask-layer.ts'
import { MaskOutlines } from './mask-outlines.ts'
import { inSight } from './paint.ts'
import type { Picture } from './picture.ts'
import type { View } from './view.ts'

/** So long, in milliseconds, may all masks of a frame take; so long is the view still before it rests. */
const slow = 8
const rest = 100

/** An image and its masks on a canvas, under whatever the tool paints: each in a layer of its own, painted anew only where it changed. */
export class Stage {
  readonly outlines = new MaskOutlines()
  readonly #image = new ImageLayer()
  readonly #masks = new MaskLayer(this.outlines)
  readonly #again: () => void
  #view: View | null = null
  #movedAt = 0
  #masksAreSlow = false
  #resting: ReturnType<typeof setTimeout> | undefined

  /** @param again asks for another frame, since this one could not show everything */
  constructor(again: () => void) {
    this.#again = again
  }

  /** @param looks brightness and contrast, 1 as it is */
  paint(
    context: CanvasRenderingContext2D,
    picture: Picture,
    scene: Scene,
    looks: { masks: boolean; brightness: number; contrast: number },
  ): void {
    const { view, image, room, density } = scene
    const { brightness, contrast } = looks
    const sight = inSight(view, image, room)
    this.#image.draw(context, picture, { view, size: image, sight, density, brightness, contrast })
    if (this.#view !== view) this.#movedAt = performance.now()
    this.#view = view
    if (looks.masks) this.#paintMasks(context, scene)
  }

  /** No more frames are asked for. */
  close(): void {
    clearTimeout(this.#resting)
  }

  /** Where painting all masks takes longer than a frame may, they move with the view, and are painted when it rests. */
  #paintMasks(context: CanvasRenderingContext2D, scene: Scene): void {
    clearTimeout(this.#resting)
    const isOutdated = this.#masks.isOutdated(scene)
    if (isOutdated && this.#masksAreSlow && performance.now() - this.#movedAt < rest) {
      this.#resting = setTimeout(this.#again, rest)
      this.#masks.draw(context, scene)
      return
    }
    const began = performance.now()
    const complete = this.#masks.update(scene)
    // What was only noted so far is painted by now.
    this.#masks.draw(context, scene)
    if (isOutdated) this.#masksAreSlow = performance.now() - began > slow
    if (!complete) this.#again()
  }
}
