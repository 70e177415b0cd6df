import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bitmapPairs, bitmaps } from '../arbitrary/masks.ts'
import {
  area,
  boundingBox,
  compressCounts,
  encodeRunLengths,
  intersectionOverUnion,
  rasterisePolygons,
} from '../../src-main/masks/index.ts'
import type { RunLengths } from '../../src-main/contract/index.ts'
import { findPython, runPython } from './python.ts'

const describedMask = z.object({
  counts: z.string(),
  uncompressed: z.array(z.number()),
  area: z.number(),
  box: z.array(z.number()),
})
const answerSchema = z.object({
  polygons: z.array(describedMask),
  masks: z.array(describedMask),
  overlaps: z.array(z.number()),
})

const seed = 1
const found = findPython()
if ('missing' in found) console.warn(`Skipped: ${found.missing}`)

function ask(request: { polygons?: unknown[]; masks?: unknown[]; pairs?: unknown[] }) {
  if ('missing' in found) throw new Error(found.missing)
  const answer = runPython(found.python, 'masks.py', { polygons: [], masks: [], pairs: [], ...request })
  return answerSchema.parse(answer)
}

function describeMask(mask: RunLengths): z.infer<typeof describedMask> {
  const box = boundingBox(mask)
  return {
    counts: compressCounts(mask),
    uncompressed: mask.counts,
    area: area(mask),
    box: [box.x, box.y, box.width, box.height],
  }
}

/** Polygons of every kind: on and off the pixel grid, degenerate, self-crossing, far outside the image, several rings. */
const polygonCases = fc.integer({ min: 1, max: 40 }).chain((width) =>
  fc.integer({ min: 1, max: 40 }).chain((height) => {
    const coordinate = fc.oneof(
      fc.integer({ min: -10, max: 50 }),
      fc.integer({ min: -100, max: 500 }).map((tenths) => tenths / 10),
      fc.double({ min: -30, max: 80, noNaN: true }),
      fc.constantFrom(0, width, height, -1000, 1000),
    )
    // Three corners and more: with two, pycocotools takes the four numbers for a box.
    const ring = fc
      .array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 12 })
      .map((points) => points.flat())
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      rings: fc.array(ring, { minLength: 1, maxLength: 4 }),
    })
  }),
)

describe.skipIf('missing' in found)('pycocotools', () => {
  it('rasterises every polygon to the same pixels', () => {
    const cases = fc.sample(polygonCases, { numRuns: 1000, seed })
    const answers = ask({ polygons: cases }).polygons
    for (const [index, { rings, width, height }] of cases.entries())
      expect(describeMask(rasterisePolygons(rings, width, height)), JSON.stringify(cases[index])).toEqual(
        answers[index],
      )
  })

  it('has the same compressed counts, area and box for every mask', () => {
    const masks = fc.sample(bitmaps(60), { numRuns: 300, seed }).map(encodeRunLengths)
    expect(masks.map(describeMask)).toEqual(ask({ masks }).masks)
  })

  it('has the same intersection over union', () => {
    const pairs = fc
      .sample(bitmapPairs(), { numRuns: 300, seed })
      .map(([a, b]) => [encodeRunLengths(a), encodeRunLengths(b)] as const)
    expect(pairs.map(([a, b]) => intersectionOverUnion(a, b))).toEqual(ask({ pairs }).overlaps)
  })
})
