import { beforeEach, expect, it } from 'vitest'
import { at, Sheet } from './drawing-for-tests.ts'
import { SelectTool } from './select.ts'

let sheet: Sheet
let tool: SelectTool
beforeEach(() => {
  sheet = new Sheet()
  for (const x of [10, 40, 70]) sheet.add({ kind: 'polygons', rings: [[x, 10, x + 20, 10, x + 20, 30, x, 30]] })
  sheet.add({ kind: 'polygons', rings: [[0, 0, 100, 0, 100, 80, 0, 80]] })
  sheet.select([])
  tool = new SelectTool(sheet)
})

const drag = (from: [number, number], to: [number, number], held = {}) => {
  tool.down(at(...from, held))
  tool.move(at(...to, held))
  tool.up()
}
const click = (x: number, y: number, held = {}) => drag([x, y], [x + 1, y], held)

it('selects the smallest under a click, with Alt what is under that, and none in an empty place', () => {
  click(20, 20)
  expect(sheet.selectedIds).toEqual([1])
  click(20, 20, { alt: true })
  expect(sheet.selectedIds).toEqual([4])
  click(5, 70)
  expect(sheet.selectedIds).toEqual([4])
  sheet.annotations.pop()
  click(5, 70)
  expect(sheet.selectedIds).toEqual([])
})

it('adds and takes away with Shift, in the order of the clicks', () => {
  click(50, 20)
  click(20, 20, { shift: true })
  expect(sheet.selectedIds).toEqual([2, 1])
  click(50, 20, { shift: true })
  expect(sheet.selectedIds).toEqual([1])
})

it('moves what is selected by whole pixels, and first selects what the drag began on', () => {
  click(20, 20)
  click(50, 20, { shift: true })
  drag([20, 20], [25.4, 40.2])
  expect(sheet.annotations.map(({ box }) => [box.x, box.y])).toEqual([
    [15, 30],
    [45, 30],
    [70, 10],
    [0, 0],
  ])
  drag([80, 20], [75, 20])
  expect(sheet.selectedIds).toEqual([3])
  expect(sheet.annotations[2].box.x).toBe(65)
})

it('selects what lies whole in the box of a drag from an empty place, with Shift beside what is selected', () => {
  sheet.annotations.pop()
  drag([35, 5], [95, 40])
  expect(sheet.selectedIds).toEqual([2, 3])
  drag([5, 5], [50, 40], { shift: true })
  expect(sheet.selectedIds).toEqual([2, 3, 1])
  drag([5, 50], [50, 70])
  expect(sheet.selectedIds).toEqual([])
})

it('leaves all where it was when a drag is cancelled', () => {
  tool.down(at(20, 20))
  tool.move(at(40, 40))
  expect(tool.cancel()).toBe(true)
  tool.up()
  expect(sheet.annotations[0].box.x).toBe(10)
})
