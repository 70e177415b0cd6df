import { beforeEach, expect, it } from 'vitest'
import { BoxTool } from './box.ts'
import { at, Sheet } from './drawing-for-tests.ts'

let sheet: Sheet
let tool: BoxTool
beforeEach(() => {
  sheet = new Sheet()
  tool = new BoxTool(sheet)
})

const drag = (from: [number, number], to: [number, number], held = {}) => {
  tool.down(at(...from, held))
  tool.move(at(...to, held))
  tool.up()
}

it('draws a box of whole pixels between any two corners, in the image', () => {
  drag([40.3, 30.2], [19.8, 9.7])
  expect(sheet.annotations).toMatchObject([
    { polygons: [[20, 10, 40, 10, 40, 30, 20, 30]], box: { x: 20, y: 10, width: 20, height: 20 }, area: 400 },
  ])
  expect(sheet.selectedIds).toEqual([1])
  drag([90, 60], [400, 400])
  expect(sheet.annotations[1].box).toEqual({ x: 90, y: 60, width: 10, height: 20 })
})

it('draws a square with Shift', () => {
  drag([20, 20], [50, 30], { shift: true })
  expect(sheet.annotations[0].box).toEqual({ x: 20, y: 20, width: 30, height: 30 })
})

it('makes nothing of a click, or of a drag that is cancelled', () => {
  drag([20, 20], [20, 20])
  tool.down(at(10, 10))
  tool.move(at(30, 30))
  expect(tool.cancel()).toBe(true)
  tool.up()
  expect(sheet.annotations).toEqual([])
})

it('drags a corner and a side of the selected box, past the other side too', () => {
  drag([20, 20], [40, 40])
  drag([40, 40], [50, 45])
  expect(sheet.annotations[0].box).toEqual({ x: 20, y: 20, width: 30, height: 25 })
  drag([20, 30], [60, 70])
  expect(sheet.annotations[0].box).toEqual({ x: 50, y: 20, width: 10, height: 25 })
  expect(sheet.annotations).toHaveLength(1)
})

it('begins another one elsewhere, and on what is no box', () => {
  drag([20, 20], [60, 60])
  drag([35, 35], [45, 45])
  expect(sheet.annotations).toHaveLength(2)
  sheet.add({ kind: 'polygons', rings: [[70, 60, 90, 60, 80, 75]] })
  drag([70, 60], [75, 65])
  expect(sheet.annotations).toHaveLength(4)
})
