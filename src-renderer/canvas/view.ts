import type { Point, Size } from './geometry.ts'

/** How the image lies in the window: a pixel (x, y) of the image is at (left + scale x, top + scale y), in CSS pixels. */
export interface View {
  readonly scale: number
  readonly left: number
  readonly top: number
}

const largestScale = 64
/** The image may be made this much smaller than fits. */
const smallestShare = 0.25
const margin = 16

/** The whole image, in the middle; a small one no larger than it is. */
export function fit(image: Size, window: Size): View {
  const room = Math.min((window.width - 2 * margin) / image.width, (window.height - 2 * margin) / image.height)
  return centre(image, window, Math.max(0.001, Math.min(room, 4)))
}

/** At a scale, in the middle. */
export function centre(image: Size, window: Size, scale: number): View {
  return { scale, left: (window.width - scale * image.width) / 2, top: (window.height - scale * image.height) / 2 }
}

/** What is under the point of the window stays there. */
export function zoomAt(view: View, at: Point, factor: number, image: Size, window: Size): View {
  const smallest = Math.min(1, fit(image, window).scale * smallestShare)
  const scale = Math.min(largestScale, Math.max(smallest, view.scale * factor))
  const grown = scale / view.scale
  return { scale, left: at.x - grown * (at.x - view.left), top: at.y - grown * (at.y - view.top) }
}

/** Moves the view; some of the image always stays in the window. */
export function pan(view: View, by: Point, image: Size, window: Size): View {
  const keep = 40
  const inside = (position: number, length: number, room: number) =>
    Math.min(room - keep, Math.max(keep - length, position))
  return {
    scale: view.scale,
    left: inside(view.left + by.x, view.scale * image.width, window.width),
    top: inside(view.top + by.y, view.scale * image.height, window.height),
  }
}

export function toImage({ scale, left, top }: View, { x, y }: Point): Point {
  return { x: (x - left) / scale, y: (y - top) / scale }
}

export function toWindow({ scale, left, top }: View, { x, y }: Point): Point {
  return { x: left + scale * x, y: top + scale * y }
}
