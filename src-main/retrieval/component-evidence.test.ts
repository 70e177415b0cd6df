import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectedComponents } from '../masks/index.ts'
import { classifyPixels } from './class-map.ts'
import { componentEvidence, evidenceMaps } from './component-evidence.ts'
import { confidence } from './confidence.ts'
import { anyMaps } from './maps-for-tests.ts'
import type { ProbabilityMaps } from './probability-maps.ts'

/** The evidence of every component of class 1, at so many pixels a cell. */
function evidenceOf(maps: ProbabilityMaps, scale: number) {
  const classMap = classifyPixels(maps, scale * maps.columns, scale * maps.rows)
  const data = Uint8Array.from(classMap.indices, (index) => Number(index === 1))
  const components = connectedComponents({ ...classMap, data }, { connectivity: 8, minimumArea: 1 })
  const prepared = evidenceMaps(maps)
  return components.map((component) => componentEvidence({ classIndex: 1, ...component }, classMap, prepared))
}

/** A square of 8 x 8 cells in the middle of 24 x 24, of class 1 with this probability, and around it with that. */
function square(inside: number, around: number): ProbabilityMaps {
  const values = Float32Array.from({ length: 2 * 24 * 24 }, (_, at) => {
    const [x, y] = [at % 24, Math.floor(at / 24) % 24]
    const p = x >= 8 && x < 16 && y >= 8 && y < 16 ? inside : around
    return at < 24 * 24 ? 1 - p : p
  })
  return { classes: 2, columns: 24, rows: 24, values }
}

test('is between 0 and 1, at any size of the image, and so is the score', () => {
  fc.assert(
    fc.property(
      anyMaps().filter(({ classes }) => classes > 1),
      fc.integer({ min: 1, max: 3 }),
      (maps, scale) => {
        for (const evidence of evidenceOf(maps, scale)) {
          for (const value of [evidence.softIou, evidence.stability, confidence(evidence)]) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(1)
          }
        }
      },
    ),
  )
})

test('what is certain inside and certainly not around is expected to fit, and does not change with the limit', () => {
  expect(evidenceOf(square(1, 0), 1)).toEqual([{ softIou: 1, stability: 1 }])
})

test('doubt inside and probability around both lower what is expected', () => {
  const [[sure], [doubtful], [blurred]] = [square(0.9, 0.05), square(0.55, 0.05), square(0.9, 0.45)].map((maps) =>
    evidenceOf(maps, 1),
  )
  // 64 cells inside, 20 x 20 looked at: 57.6 / (64 + 336 x 0.05).
  expect(sure.softIou).toBeCloseTo(57.6 / (64 + 336 * 0.05), 5)
  expect(doubtful.softIou).toBeLessThan(sure.softIou)
  expect(blurred.softIou).toBeLessThan(sure.softIou)
  expect([sure.stability, doubtful.stability]).toEqual([1, 0])
  expect(blurred.stability).toBeCloseTo(64 / 400, 5)
  expect(confidence(doubtful)).toBeLessThan(confidence(sure))
})

test('another part of the same class nearby takes nothing away', () => {
  const alone = square(1, 0)
  const beside = square(1, 0)
  for (let y = 8; y < 16; y++)
    for (const x of [18, 19]) {
      beside.values[y * 24 + x] = 0
      beside.values[24 * 24 + y * 24 + x] = 1
    }
  const [largest] = evidenceOf(beside, 1)
  expect(largest).toEqual(evidenceOf(alone, 1)[0])
})
