export const toolNames = ['select', 'object', 'box', 'polygon', 'brush', 'eraser'] as const
export type ToolName = (typeof toolNames)[number]

const smallest = 1
const largest = 500
const leastReach = 0.25
const mostReach = 8

/** How a person draws and looks: the tool, the size of the brush, whether masks and how the picture is shown. */
export class LabelTools {
  tool = $state<ToolName>('select')
  /** In image pixels. */
  brushRadius = $state(12)
  /** How much of what is around a click the object tool takes: 1 usually. */
  reach = $state(1)
  masksShown = $state(true)
  /** For looking only, 1 as it is. */
  brightness = $state(1)
  contrast = $state(1)

  get showsAsItIs(): boolean {
    return this.brightness === 1 && this.contrast === 1
  }

  growReach(factor: number): void {
    this.reach = Math.min(mostReach, Math.max(leastReach, this.reach * factor))
  }

  growBrush(factor: number): void {
    const grown = this.brushRadius * factor
    // At least a pixel, so that small brushes change too.
    const step = factor > 1 ? Math.max(grown, this.brushRadius + 1) : Math.min(grown, this.brushRadius - 1)
    this.brushRadius = Math.round(Math.min(largest, Math.max(smallest, step)))
  }

  lookAsItIs(): void {
    this.brightness = 1
    this.contrast = 1
  }
}
