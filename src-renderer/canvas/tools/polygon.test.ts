import { beforeEach, describe, expect, it } from 'vitest'
import { at, Sheet } from './drawing-for-tests.ts'
import { PolygonTool } from './polygon.ts'

let sheet: Sheet
let tool: PolygonTool
beforeEach(() => {
  sheet = new Sheet()
  tool = new PolygonTool(sheet)
})

const click = (x: number, y: number, held = {}) => {
  tool.down(at(x, y, held))
  tool.up()
}
const square = () =>
  [
    [10, 10],
    [50, 10],
    [50, 50],
    [10, 50],
  ].forEach(([x, y]) => click(x, y))

describe('drawing', () => {
  it.each([
    ['a click on the first corner', () => click(12, 9)],
    ['Enter', () => tool.finish()],
    [
      'a double click',
      () => {
        click(10, 50)
        tool.doubleClick()
      },
    ],
  ])('%s closes it', (_, close) => {
    square()
    expect(sheet.annotations).toEqual([])
    close()
    expect(sheet.annotations).toMatchObject([{ polygons: [[10, 10, 50, 10, 50, 50, 10, 50]], area: 1600 }])
    expect(sheet.selectedId).toBe(1)
  })

  it('takes corners back, down to none, and cancels whole', () => {
    click(10, 10)
    click(50, 10)
    expect([tool.takeBack(), tool.takeBack(), tool.takeBack()]).toEqual([true, true, false])
    square()
    expect(tool.cancel()).toBe(true)
    tool.finish()
    expect(sheet.annotations).toEqual([])
  })

  it('needs three corners, and keeps them in the image', () => {
    click(-20, 10)
    click(50, 10)
    tool.finish()
    expect(sheet.annotations).toEqual([])
    click(50, 400)
    tool.finish()
    expect(sheet.annotations).toMatchObject([{ polygons: [[0, 10, 50, 10, 50, 80]] }])
  })
})

describe('editing the selected annotation', () => {
  beforeEach(() => {
    square()
    tool.finish()
  })

  it('drags a corner', () => {
    tool.down(at(51, 49))
    tool.move(at(70, 60))
    tool.up()
    expect(sheet.annotations).toMatchObject([{ polygons: [[10, 10, 50, 10, 70, 60, 10, 50]] }])
  })

  it('adds a corner on an edge, and removes one with Alt', () => {
    tool.down(at(30, 11))
    tool.move(at(30, 2))
    tool.up()
    expect(sheet.annotations[0].polygons).toEqual([[10, 10, 30, 2, 50, 10, 50, 50, 10, 50]])
    click(30, 2, { alt: true })
    expect(sheet.annotations[0].polygons).toEqual([[10, 10, 50, 10, 50, 50, 10, 50]])
  })

  it('leaves it as it was when a drag is cancelled', () => {
    tool.down(at(50, 50))
    tool.move(at(90, 70))
    tool.cancel()
    tool.up()
    expect(sheet.annotations[0].polygons).toEqual([[10, 10, 50, 10, 50, 50, 10, 50]])
  })

  it('begins another polygon elsewhere', () => {
    click(80, 60)
    expect(sheet.selectedId).toBeNull()
    click(90, 60)
    click(90, 70)
    tool.finish()
    expect(sheet.annotations).toHaveLength(2)
  })
})
