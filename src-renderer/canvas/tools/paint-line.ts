import type { Point } from '../geometry.ts'

/** A line that is seen on any picture. @param pixel image pixels that one pixel of the screen covers */
export function paintLine(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  colour: string,
  pixel: number,
): void {
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

/** Handles; the first one, where a polygon closes, stands out. */
export function paintCorners(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  colour: string,
  pixel: number,
): void {
  const side = 7 * pixel
  context.lineWidth = 1.5 * pixel
  for (const [i, { x, y }] of points.entries()) {
    context.fillStyle = i === 0 ? colour : '#ffffff'
    context.strokeStyle = i === 0 ? '#ffffff' : 'rgb(0 0 0 / 80%)'
    context.fillRect(x - side / 2, y - side / 2, side, side)
    context.strokeRect(x - side / 2, y - side / 2, side, side)
  }
}
