import { beforeEach, expect, it } from 'vitest'
import { contains } from '../hit.ts'
import { BrushTool } from './brush.ts'
import { at, Sheet } from './drawing-for-tests.ts'

let sheet: Sheet
beforeEach(() => {
  sheet = new Sheet()
})

const stroke = (tool: BrushTool, from: [number, number], to: [number, number], held = {}) => {
  tool.down(at(...from, held))
  tool.move(at(...to))
  tool.up()
}
const isIn = (index: number, x: number, y: number) => contains(sheet.annotations[index].mask, { x, y })

it('begins an annotation, adds to it while it is selected, and begins another after that', () => {
  const brush = new BrushTool(sheet, 'paint')
  stroke(brush, [20, 20], [40, 20])
  stroke(brush, [40, 20], [40, 50])
  expect(sheet.annotations).toHaveLength(1)
  expect([isIn(0, 30, 20), isIn(0, 40, 48), isIn(0, 20, 48)]).toEqual([true, true, false])

  expect(brush.cancel()).toBe(true)
  stroke(brush, [70, 60], [80, 60])
  expect(sheet.annotations).toHaveLength(2)
  expect(isIn(1, 75, 60)).toBe(true)
})

it('draws a line from the last end with Shift', () => {
  const brush = new BrushTool(sheet, 'paint')
  stroke(brush, [10, 10], [10, 10])
  stroke(brush, [80, 10], [80, 10], { shift: true })
  expect(isIn(0, 45, 10)).toBe(true)
})

it('erases from what is selected, else from what is under it, and deletes what has nothing left', () => {
  const eraser = new BrushTool(sheet, 'erase')
  sheet.add({ kind: 'polygons', rings: [[10, 10, 60, 10, 60, 30, 10, 30]] })
  sheet.select([])
  stroke(eraser, [90, 70], [95, 70])
  expect(sheet.annotations).toHaveLength(1)
  stroke(eraser, [35, 20], [35, 40])
  expect([isIn(0, 35, 25), isIn(0, 15, 20)]).toEqual([false, true])
  expect(sheet.annotations[0].polygons).toBeNull()
  sheet.brushRadius = 80
  stroke(eraser, [35, 20], [36, 20])
  expect(sheet.annotations).toEqual([])
})

it('leaves nothing of a stroke that is cancelled, or beside the image', () => {
  const brush = new BrushTool(sheet, 'paint')
  brush.down(at(20, 20))
  brush.cancel()
  brush.up()
  stroke(brush, [-50, -50], [-40, -50])
  expect(sheet.annotations).toEqual([])
})
