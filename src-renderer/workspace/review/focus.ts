import type { Box } from '../../../src-main/contract/index.ts'
import type { Size } from '../../canvas/geometry.ts'
import { fit, type View } from '../../canvas/view.ts'

/** The part of the window that an object takes. */
const share = 0.5
const largestScale = 4

/** The object in the middle and large, but no smaller than the whole image fits; a tiny one not so large that only pixels are seen. */
export function focusOn({ x, y, width, height }: Box, image: Size, window: Size): View {
  const whole = fit(image, window)
  const close = share * Math.min(window.width / Math.max(1, width), window.height / Math.max(1, height))
  const scale = Math.max(whole.scale, Math.min(close, largestScale))
  const along = (start: number, length: number, size: number, room: number) => {
    const wanted = room / 2 - scale * (start + length / 2)
    // Where the image is larger than the window no margin is shown; a smaller one lies in the middle.
    return scale * size <= room ? (room - scale * size) / 2 : Math.min(0, Math.max(room - scale * size, wanted))
  }
  return {
    scale,
    left: along(x, width, image.width, window.width),
    top: along(y, height, image.height, window.height),
  }
}
