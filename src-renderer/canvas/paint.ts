import type { Annotation } from '../../src-main/contract/index.ts'
import type { MaskPictures } from './mask-pictures.ts'
import type { Size } from './geometry.ts'
import type { View } from './view.ts'

/** From this scale on pixels are seen as such, and have a grid. */
const pixelScale = 6
const gridScale = 14

/** From here on coordinates are image pixels. */
export function enterImage(context: CanvasRenderingContext2D, { scale, left, top }: View, density: number): void {
  context.setTransform(scale * density, 0, 0, scale * density, left * density, top * density)
}

export function paintImage(context: CanvasRenderingContext2D, image: CanvasImageSource, size: Size, view: View): void {
  context.imageSmoothingEnabled = view.scale < pixelScale
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, size.width, size.height)
  if (view.scale >= gridScale) paintGrid(context, size, view)
}

/** Lines between the pixels that are in sight. */
function paintGrid(context: CanvasRenderingContext2D, size: Size, { scale, left, top }: View): void {
  const { width, height } = context.canvas
  const firstX = Math.max(0, Math.floor(-left / scale))
  const lastX = Math.min(size.width, Math.ceil((width - left) / scale))
  const firstY = Math.max(0, Math.floor(-top / scale))
  const lastY = Math.min(size.height, Math.ceil((height - top) / scale))
  context.beginPath()
  for (let x = firstX; x <= lastX; x++) {
    context.moveTo(x, firstY)
    context.lineTo(x, lastY)
  }
  for (let y = firstY; y <= lastY; y++) {
    context.moveTo(firstX, y)
    context.lineTo(lastX, y)
  }
  context.lineWidth = 1 / scale
  context.strokeStyle = 'rgb(128 128 128 / 35%)'
  context.stroke()
}

export interface MaskLook {
  colourOf: (annotation: Annotation) => string
  opacity: number
  selectedId: number | null
  scale: number
}

/** The masks, the selected one last and strongest. Proposals have a dashed outline. */
export function paintMasks(
  context: CanvasRenderingContext2D,
  annotations: readonly Annotation[],
  pictures: MaskPictures,
  look: MaskLook,
): void {
  const isSelected = ({ id }: Annotation) => id === look.selectedId
  const inOrder = [...annotations.filter((each) => !isSelected(each)), ...annotations.filter(isSelected)]
  for (const annotation of inOrder) {
    const colour = look.colourOf(annotation)
    const { fill, outline, x, y } = pictures.of(annotation, colour)
    context.imageSmoothingEnabled = false
    context.globalAlpha = isSelected(annotation) ? Math.min(1, look.opacity + 0.15) : look.opacity
    context.drawImage(fill, x, y)
    context.globalAlpha = 1
    paintOutline(context, outline, colour, {
      ...look,
      strong: isSelected(annotation),
      dashed: annotation.state === 'draft',
    })
  }
  context.setLineDash([])
}

function paintOutline(
  context: CanvasRenderingContext2D,
  outline: Path2D,
  colour: string,
  { scale, strong, dashed }: { scale: number; strong: boolean; dashed: boolean },
): void {
  context.setLineDash(dashed ? [6 / scale, 4 / scale] : [])
  context.lineJoin = 'round'
  if (strong) {
    context.strokeStyle = 'rgb(255 255 255 / 90%)'
    context.lineWidth = 4 / scale
    context.stroke(outline)
  }
  context.strokeStyle = colour
  context.lineWidth = (strong ? 2 : 1.25) / scale
  context.stroke(outline)
}
