import type { Annotation } from '../../src-main/contract/index.ts'
import type { MaskOutlines } from './mask-outlines.ts'
import type { Box, Size } from './geometry.ts'
import type { Picture } from './picture.ts'
import type { View } from './view.ts'

/** From this scale on pixels are seen as such, and have a grid. */
const pixelScale = 6
const gridScale = 14

/** From here on coordinates are image pixels. */
export function enterImage(context: CanvasRenderingContext2D, { scale, left, top }: View, density: number): void {
  context.setTransform(scale * density, 0, 0, scale * density, left * density, top * density)
}

/** What of the image is in sight: whole pixels. */
export function inSight({ scale, left, top }: View, image: Size, room: Size): Box {
  const x = Math.max(0, Math.floor(-left / scale))
  const y = Math.max(0, Math.floor(-top / scale))
  const right = Math.min(image.width, Math.ceil((room.width - left) / scale))
  const bottom = Math.min(image.height, Math.ceil((room.height - top) / scale))
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
}

export interface ImageLook {
  view: View
  size: Size
  sight: Box
  density: number
  /** 1 as it is. */
  brightness: number
  contrast: number
}

export function paintImage(context: CanvasRenderingContext2D, picture: Picture, look: ImageLook): void {
  const { view, size, sight, density, brightness, contrast } = look
  if (sight.width === 0 || sight.height === 0) return
  const level = picture.levelFor(view.scale * density)
  const share = level.width / size.width
  context.imageSmoothingEnabled = view.scale < pixelScale
  // A copy is less than twice as large as it is drawn: nothing better is needed.
  context.imageSmoothingQuality = 'low'
  if (brightness !== 1 || contrast !== 1) context.filter = `brightness(${brightness}) contrast(${contrast})`
  const { x, y, width, height } = sight
  context.drawImage(level, x * share, y * share, width * share, height * share, x, y, width, height)
  context.filter = 'none'
  if (view.scale >= gridScale) paintGrid(context, sight, view.scale)
}

/** Lines between the pixels that are in sight. */
function paintGrid(context: CanvasRenderingContext2D, { x, y, width, height }: Box, scale: number): void {
  context.beginPath()
  for (let column = x; column <= x + width; column++) {
    context.moveTo(column, y)
    context.lineTo(column, y + height)
  }
  for (let row = y; row <= y + height; row++) {
    context.moveTo(x, row)
    context.lineTo(x + width, row)
  }
  context.lineWidth = 1 / scale
  context.strokeStyle = 'rgb(128 128 128 / 35%)'
  context.stroke()
}

export interface MaskLook {
  colourOf: (annotation: Annotation) => string
  opacity: number
  outlines: boolean
  selectedIds: readonly number[]
  scale: number
  /** Of performance.now(): outlines that are not traced by then wait for the next frame. */
  deadline: number
}

/** The masks from back to front, selected ones last and strongest. Proposals have a dashed outline. @returns those that have to wait */
export function paintMasks(
  context: CanvasRenderingContext2D,
  annotations: readonly Annotation[],
  outlines: MaskOutlines,
  look: MaskLook,
): Annotation[] {
  const selected = new Set(look.selectedIds)
  const isSelected = ({ id }: Annotation) => selected.has(id)
  const waiting: Annotation[] = []
  for (const annotation of [...annotations.filter((each) => !isSelected(each)), ...annotations.filter(isSelected)]) {
    if (!outlines.has(annotation) && performance.now() > look.deadline) waiting.push(annotation)
    else paintMask(context, annotation, outlines.of(annotation, look.scale), isSelected(annotation), look)
  }
  context.setLineDash([])
  return waiting
}

function paintMask(
  context: CanvasRenderingContext2D,
  annotation: Annotation,
  outline: Path2D,
  selected: boolean,
  look: MaskLook,
): void {
  const colour = look.colourOf(annotation)
  context.globalAlpha = selected ? Math.min(1, look.opacity + 0.15) : look.opacity
  context.fillStyle = colour
  context.fill(outline, 'evenodd')
  context.globalAlpha = 1
  if (look.outlines || selected)
    paintOutline(context, outline, colour, {
      scale: look.scale,
      strong: selected,
      dashed: annotation.state === 'draft',
    })
}

function paintOutline(
  context: CanvasRenderingContext2D,
  outline: Path2D,
  colour: string,
  { scale, strong, dashed }: { scale: number; strong: boolean; dashed: boolean },
): void {
  context.setLineDash(dashed ? [6 / scale, 4 / scale] : [])
  context.lineJoin = strong ? 'round' : 'bevel'
  if (strong) {
    context.strokeStyle = 'rgb(255 255 255 / 90%)'
    context.lineWidth = 4 / scale
    context.stroke(outline)
  }
  context.strokeStyle = colour
  context.lineWidth = (strong ? 2 : 1.25) / scale
  context.stroke(outline)
}

/** Whether two boxes have a pixel in common. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
