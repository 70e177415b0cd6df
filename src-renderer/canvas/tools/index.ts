import type { ToolName } from '../../state/label-tools.svelte.ts'
import { BoxTool } from './box.ts'
import { BrushTool } from './brush.ts'
import { ObjectTool } from './object.ts'
import { PolygonTool } from './polygon.ts'
import { SelectTool } from './select.ts'
import type { MakeTool } from './tool.ts'

export type { Drawing, Pointer, Tool } from './tool.ts'

/** Every tool by its name: a new one is a file here, a name in label-tools, a command with a key, and an icon. */
export const makeTool: Record<ToolName, MakeTool> = {
  select: (drawing) => new SelectTool(drawing),
  object: (drawing) => new ObjectTool(drawing),
  box: (drawing) => new BoxTool(drawing),
  polygon: (drawing) => new PolygonTool(drawing),
  brush: (drawing) => new BrushTool(drawing, 'paint'),
  eraser: (drawing) => new BrushTool(drawing, 'erase'),
}
