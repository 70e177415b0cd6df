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
    expect(sheet.selectedIds).toEqual([1])
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
    expect(sheet.selectedIds).toEqual([])
    click(90, 60)
    click(90, 70)
    tool.finish()
    expect(sheet.annotations).toHaveLength(2)
  })
})

describe('parts and holes of the selected annotation', () => {
  beforeEach(() => {
    square()
    tool.finish()
  })
  const ring = (points: [number, number][], held = {}) => {
    points.forEach(([x, y], i) => click(x, y, i === 0 ? held : {}))
    tool.finish()
  }
  const inside: [number, number][] = [
    [20, 20],
    [40, 20],
    [40, 40],
    [20, 40],
  ]

  it('cuts a hole with a ring that stays inside, whose corners are dragged like others', () => {
    ring(inside)
    expect(sheet.annotations).toMatchObject([
      { polygons: [[10, 10, 50, 10, 50, 50, 10, 50]], holes: [[20, 20, 40, 20, 40, 40, 20, 40]], area: 1200 },
    ])
    tool.down(at(40, 40))
    tool.move(at(30, 30))
    tool.up()
    expect(sheet.annotations).toMatchObject([{ holes: [[20, 20, 40, 20, 30, 30, 20, 40]] }])
    click(30, 30, { alt: true })
    click(20, 40, { alt: true })
    expect(sheet.annotations).toMatchObject([{ holes: [], area: 1600 }])
  })

  it('begins a new one with a ring that leaves it', () => {
    ring([
      [40, 40],
      [70, 40],
      [70, 70],
    ])
    expect(sheet.annotations).toHaveLength(2)
    expect(sheet.annotations[0].holes).toEqual([])
  })

  it('cuts a hole into any annotation with Alt, also into a mask', () => {
    sheet.reshape(1, ({ mask }) => ({ kind: 'mask', mask }))
    sheet.select([])
    ring(inside, { alt: true })
    expect(sheet.annotations).toMatchObject([{ polygons: null, area: 1200 }])
  })

  it('adds a part with Shift; one that fills a hole makes a mask of it', () => {
    ring(
      [
        [70, 10],
        [90, 10],
        [90, 30],
        [70, 30],
      ],
      { shift: true },
    )
    expect(sheet.annotations).toHaveLength(1)
    expect(sheet.annotations[0]).toMatchObject({ area: 2000, holes: [] })
    expect(sheet.annotations[0].polygons).toHaveLength(2)
    ring([
      [19, 19],
      [41, 19],
      [41, 41],
      [19, 41],
    ])
    ring(
      [
        [26, 26],
        [35, 26],
        [35, 35],
        [26, 35],
      ],
      { shift: true },
    )
    expect(sheet.annotations).toMatchObject([{ polygons: null, holes: [], area: 2000 - 22 * 22 + 9 * 9 }])
  })
})
