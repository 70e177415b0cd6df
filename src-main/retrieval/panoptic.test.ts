import { expect, test } from 'vitest'
import { encodeRunLengths } from '../masks/index.ts'
import { PanopticMeasure, type Segment } from './panoptic.ts'

/** A row of ten pixels. */
function segment(classId: number, from: number, to: number): Segment {
  const data = Uint8Array.from({ length: 10 }, (_, x) => (x >= from && x < to ? 1 : 0))
  return { classId, mask: encodeRunLengths({ width: 10, height: 1, data }) }
}

test('what is found as it is has quality one', () => {
  const measure = new PanopticMeasure()
  const objects = [segment(1, 0, 3), segment(1, 3, 6), segment(2, 7, 9)]
  measure.add(objects, objects)
  expect([...measure.result()]).toEqual([
    [1, { pq: 1, sq: 1, rq: 1 }],
    [2, { pq: 1, sq: 1, rq: 1 }],
  ])
})

test('two objects in one segment: the larger is found if it is most of it, the other is missed', () => {
  const measure = new PanopticMeasure()
  measure.add([segment(1, 0, 8)], [segment(1, 0, 6), segment(1, 6, 8)])
  // One match of IoU 6/8, one true segment without a match: 0.75 / (1 + 1/2).
  expect(measure.result().get(1)).toEqual({ pq: 0.5, sq: 0.75, rq: 2 / 3 })
})

test('halves are no match, and what is proposed for nothing counts half', () => {
  const measure = new PanopticMeasure()
  measure.add([segment(1, 0, 2), segment(1, 2, 4), segment(1, 8, 9)], [segment(1, 0, 4)])
  expect(measure.result().get(1)).toEqual({ pq: 0, sq: 0, rq: 0 })
})

test('sums are over all images, and a class without truth is left out', () => {
  const measure = new PanopticMeasure()
  measure.add([segment(1, 0, 4), segment(2, 5, 6)], [segment(1, 0, 4)])
  measure.add([], [segment(1, 0, 4)])
  expect([...measure.result()]).toEqual([[1, { pq: 2 / 3, sq: 1, rq: 2 / 3 }]])
})

test('a segment in ignored pixels counts nowhere, unless it is an object', () => {
  const { mask: ignored } = segment(1, 4, 10)
  const measure = new PanopticMeasure()
  measure.add([segment(1, 0, 4), segment(1, 5, 8)], [segment(1, 0, 4)], ignored)
  expect(measure.result().get(1)).toEqual({ pq: 1, sq: 1, rq: 1 })
  measure.add([segment(1, 5, 9)], [segment(1, 5, 9)], ignored)
  expect(measure.result().get(1)?.rq).toBe(1)
})
