import fc from 'fast-check'
import { expect, test } from 'vitest'
import { condenseTokens } from './condense-tokens.ts'

const settings = { labelWeight: 1.5, rounds: 3 }

/** Tokens in the plane at these angles, each wholly of one of two classes. */
function plane(angles: number[], classes: number[]) {
  const tokens = Float16Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]))
  const shares = Float32Array.from([0, 1].flatMap((c) => classes.map((of) => Number(of === c))))
  return { size: angles.length, dimensions: 2, classes: 2, tokens, shares }
}

test('alike tokens come together, those of another class stay apart', () => {
  const tokens = plane([0, 0.05, 0.1, 2, 2.05, 2.1, 0.07], [0, 0, 0, 0, 0, 0, 1])
  const groups = condenseTokens(tokens, 3, settings)
  expect(groups.map((group) => group.join()).sort()).toEqual(['0,1,2', '3,4,5', '6'])
})

test('every token is in one group, and there are no more groups than asked for', () => {
  const token = fc.record({ angle: fc.double({ min: 0, max: 6, noNaN: true }), of: fc.integer({ min: 0, max: 1 }) })
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (points, most) => {
      const tokens = plane(
        points.map(({ angle }) => angle),
        points.map(({ of }) => of),
      )
      const groups = condenseTokens(tokens, most, settings)
      expect(groups.length).toBeLessThanOrEqual(most)
      expect(groups.every((group) => group.length > 0)).toBe(true)
      expect(groups.flat().sort((a, b) => a - b)).toEqual([...points.keys()])
    }),
    { numRuns: 40 },
  )
})
