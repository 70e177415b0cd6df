import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RunLengths } from '../contract/index.ts'
import { area, encodeRunLengths, intersectionOverUnion, unite } from '../masks/index.ts'
import { matchedIou, type TrueObject } from './matched-iou.ts'

const width = 24

/** Of one row of pixels. */
function maskOf(inside: (x: number) => boolean): RunLengths {
  return encodeRunLengths({ width, height: 1, data: Uint8Array.from({ length: width }, (_, x) => Number(inside(x))) })
}

function objectOf(mask: RunLengths): TrueObject {
  return { mask, area: area(mask) }
}

/** A proposal and up to four objects that do not overlap. */
const scenes = fc
  .record({
    proposed: fc.array(fc.boolean(), { minLength: width, maxLength: width }),
    owners: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: width, maxLength: width }),
  })
  .map(({ proposed, owners }) => ({
    proposal: maskOf((x) => proposed[x]),
    objects: [1, 2, 3, 4].map((owner) => objectOf(maskOf((x) => owners[x] === owner))).filter(({ area }) => area > 0),
  }))

test('is the best intersection over union with any set of the objects', () => {
  fc.assert(
    fc.property(scenes, ({ proposal, objects }) => {
      let best = 0
      for (let set = 1; set < 2 ** objects.length; set++) {
        const chosen = objects.filter((_, i) => (set >> i) % 2 === 1).map(({ mask }) => mask)
        best = Math.max(best, intersectionOverUnion(proposal, chosen.reduce(unite)))
      }
      expect(matchedIou(proposal, objects)).toBeCloseTo(best, 12)
    }),
  )
})

test('the order of the objects changes nothing', () => {
  fc.assert(
    fc.property(scenes, ({ proposal, objects }) => {
      expect(matchedIou(proposal, objects.toReversed())).toBeCloseTo(matchedIou(proposal, objects), 12)
    }),
  )
})

test('an object that is hardly touched is not held against a proposal, one that is half covered is', () => {
  const [left, right] = [objectOf(maskOf((x) => x < 8)), objectOf(maskOf((x) => x >= 8))]
  expect(
    matchedIou(
      maskOf((x) => x < 9),
      [left, right],
    ),
  ).toBeCloseTo(8 / 9, 12)
  expect(
    matchedIou(
      maskOf((x) => x < 4),
      [left],
    ),
  ).toBeCloseTo(0.5, 12)
  expect(
    matchedIou(
      maskOf(() => true),
      [left, right],
    ),
  ).toBe(1)
  expect(matchedIou(left.mask, [])).toBe(0)
})
