export const toolNames = ['select', 'polygon', 'brush', 'eraser'] as const
export type ToolName = (typeof toolNames)[number]

const smallest = 1
const largest = 500

/** How a person draws and looks: the tool, the size of the brush, how masks are shown. */
export class LabelTools {
  tool = $state<ToolName>('select')
  /** In image pixels. */
  brushRadius = $state(12)
  masksShown = $state(true)
  /** Of filled masks, 0 to 1. */
  opacity = $state(0.45)

  growBrush(factor: number): void {
    const grown = this.brushRadius * factor
    // At least a pixel, so that small brushes change too.
    const step = factor > 1 ? Math.max(grown, this.brushRadius + 1) : Math.min(grown, this.brushRadius - 1)
    this.brushRadius = Math.round(Math.min(largest, Math.max(smallest, step)))
  }
}
