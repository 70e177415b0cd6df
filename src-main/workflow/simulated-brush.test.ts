import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyMask, encodeRunLengths, rasterisePolygons, subtract, unite } from '../masks/index.ts'
import type { RunLengths } from '../contract/index.ts'
import { correctByBrush, type BrushTask } from './simulated-brush.ts'

const discOf = (x: number, y: number, radius: number, { width, height } = { width: 160, height: 120 }): RunLengths => {
  const inside = (_: unknown, i: number) => Number(Math.hypot((i % width) - x, Math.floor(i / width) - y) <= radius)
  return encodeRunLengths({ width, height, data: Uint8Array.from({ length: width * height }, inside) })
}

const anySize = fc.record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })

/** Discs united, and pixels at random: both thick and thin. */
const anyTask: fc.Arbitrary<BrushTask> = anySize.chain(({ width, height }) => {
  const place = { x: fc.integer({ min: 0, max: width }), y: fc.integer({ min: 0, max: height }) }
  const disc = fc
    .record({ ...place, radius: fc.integer({ min: 0, max: 15 }) })
    .map(({ x, y, radius }) => discOf(x, y, radius, { width, height }))
  const speckles = fc
    .array(fc.boolean(), { minLength: width * height, maxLength: width * height })
    .map((inside) => encodeRunLengths({ width, height, data: Uint8Array.from(inside, Number) }))
  const mask = fc
    .array(fc.oneof({ weight: 4, arbitrary: disc }, speckles), { maxLength: 3 })
    .map((parts) => parts.reduce(unite, emptyMask(width, height)))
  return fc.record({ mask, truth: mask, ignored: fc.option(mask) })
})

const different = (a: RunLengths, b: RunLengths) => unite(subtract(a, b), subtract(b, a))
const areaOf = ({ counts }: RunLengths) => counts.reduce((sum, count, i) => sum + (i % 2) * count, 0)

test('the overlap never falls, what is wanted is reached, and pixels counted are pixels changed', () => {
  fc.assert(
    fc.property(anyTask, fc.constantFrom(0.5, 0.95, 1), (task, until) => {
      const { mask, iou, strokes } = correctByBrush(task, until)
      expect(iou).toBeGreaterThanOrEqual(until)
      strokes.forEach((stroke, i) => {
        expect(stroke.pixels).toBeGreaterThan(0)
        if (i > 0) expect(stroke.iou).toBeGreaterThanOrEqual(strokes[i - 1].iou)
      })
      if (strokes.length > 0) expect(strokes.at(-1)?.iou).toBe(iou)
      const changed = different(mask, task.mask)
      expect(strokes.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(areaOf(changed))
      // Only what was wrong changes, and it becomes right.
      const known = task.ignored
        ? subtract(different(task.mask, task.truth), task.ignored)
        : different(task.mask, task.truth)
      expect(areaOf(subtract(changed, known))).toBe(0)
    }),
  )
})

test('what is right already takes no stroke', () => {
  const truth = discOf(60, 60, 30)
  expect(correctByBrush({ mask: truth, truth, ignored: null }, 1)).toEqual({ mask: truth, iou: 1, strokes: [] })
  const nothing = emptyMask(160, 120)
  expect(correctByBrush({ mask: nothing, truth: nothing, ignored: null }, 1).iou).toBe(1)
  expect(correctByBrush({ mask: truth, truth: nothing, ignored: truth }, 1).strokes).toEqual([])
})

test('a disc from nothing takes several strokes, most of it the first ones; a nearly right one takes fewer', () => {
  const truth = discOf(80, 60, 40)
  const byHand = correctByBrush({ mask: emptyMask(160, 120), truth, ignored: null }, 0.95)
  expect(byHand.strokes.length).toBeGreaterThan(3)
  expect(byHand.strokes[0].pixels).toBeGreaterThan(byHand.strokes.at(-1)?.pixels ?? Infinity)
  const corrected = correctByBrush({ mask: discOf(84, 60, 40), truth, ignored: null }, 0.95)
  expect(corrected.strokes.length).toBeLessThan(byHand.strokes.length)
})

test('a far object that is none is erased, in more than one stroke where it is large', () => {
  const truth = discOf(30, 30, 20)
  const surplus = rasterisePolygons([[80, 5, 155, 5, 155, 115, 80, 115]], 160, 120)
  const { mask, strokes } = correctByBrush({ mask: unite(truth, surplus), truth, ignored: null }, 1)
  expect(mask).toEqual(truth)
  expect(strokes.length).toBeGreaterThan(1)
})
