import { enterImage, paintImage, type ImageLook } from './paint.ts'
import type { Size } from './geometry.ts'
import type { Picture } from './picture.ts'

/** The image as it is seen, kept: while the view rests it is only copied. */
export class ImageLayer {
  readonly #canvas = document.createElement('canvas')
  #painted: { picture: Picture; key: string } | null = null

  /** In place of all that is on a canvas of the same size. */
  draw(context: CanvasRenderingContext2D, picture: Picture, look: ImageLook): void {
    const { width, height } = context.canvas
    const key = JSON.stringify([look, width, height])
    if (this.#painted?.picture !== picture || this.#painted.key !== key) {
      this.#paint(picture, look, { width, height })
      this.#painted = { picture, key }
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.globalCompositeOperation = 'copy'
    context.drawImage(this.#canvas, 0, 0)
    context.globalCompositeOperation = 'source-over'
  }

  #paint(picture: Picture, look: ImageLook, { width, height }: Size): void {
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width
      this.#canvas.height = height
    }
    const context = this.#canvas.getContext('2d')
    if (!context) return
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, width, height)
    enterImage(context, look.view, look.density)
    paintImage(context, picture, look)
  }
}
