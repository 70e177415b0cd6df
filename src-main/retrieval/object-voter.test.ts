import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Memory } from './memory.ts'
import { hearObjects, ObjectVoter, type ObjectSettings } from './object-voter.ts'
import type { ProbabilityMaps } from './probability-maps.ts'
import { Voter } from './vote.ts'

const settings: ObjectSettings = { neighbours: 2, temperature: 0.05, lead: 0.1, softness: 0.05 }

/** Grass (class 0) along the first axis, a cow (class 1) along the second. */
const labelled: Memory = {
  ...{ size: 2, dimensions: 3, classes: 2 },
  tokens: Float32Array.of(1, 0, 0, 0, 1, 0),
  shares: Float32Array.of(1, 0, 0, 1),
  annotations: Uint32Array.of(0, 21, 0, 21),
}

/** Tokens of length one. */
const unit = (...tokens: number[][]) =>
  Float16Array.from(tokens.flatMap((token) => token.map((value) => value / Math.hypot(...token))))

/** What tokens of image 1 hear of the objects of these images. */
function hear(tokens: Float16Array, objects: { imageIds: number[]; embeddings: Float16Array }) {
  const grid = { columns: tokens.length / 3, rows: 1 }
  const voter = new Voter(labelled, { neighbours: 2, temperature: 0.05 })
  const objectVoter = new ObjectVoter(objects, voter, labelled, settings)
  const vote = voter.vote(tokens, grid)
  const heard = objectVoter.vote(1, tokens, grid, vote)
  objectVoter.dispose()
  voter.dispose()
  return { labels: vote.maps, heard }
}

test('a token unlike all labels takes the class of the object that is like it, which is like a label', () => {
  const strange = unit([0.3, 0.2, 0.9])
  const { labels, heard } = hear(strange, { imageIds: [2], embeddings: unit([0, 0.6, 0.8]) })
  expect(labels.values[0]).toBeGreaterThan(0.8)
  expect(heard.trust.values[0]).toBeGreaterThan(0.9)
  expect(heard.maps.values[1]).toBeGreaterThan(0.95)
})

test('where a label is as much like the token, objects are hardly believed', () => {
  const { heard } = hear(unit([1, 0, 0.05]), { imageIds: [2], embeddings: unit([0.9, 0.3, 0]) })
  expect(heard.trust.values[0]).toBeLessThan(0.25)
})

test("an image's own objects tell it nothing", () => {
  const token = unit([0.3, 0.2, 0.9])
  const own = unit([0.3, 0.2, 0.9])
  const other = unit([0, 0.6, 0.8])
  expect(hear(token, { imageIds: [1], embeddings: own }).heard.trust.values[0]).toBe(0)
  const both = hear(token, { imageIds: [1, 2], embeddings: Float16Array.of(...own, ...other) })
  expect(both.heard).toEqual(hear(token, { imageIds: [2], embeddings: other }).heard)
})

const probability = fc.float({ min: 0, max: 1, noNaN: true })

test('classes of a cell still sum to one, and what is certain or not trusted stays as it is', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(probability, probability, probability), { minLength: 1 }), (cells) => {
      const grid = { columns: cells.length, rows: 1 }
      const mapsOf = (values: number[]): ProbabilityMaps => ({
        ...{ classes: 2, ...grid },
        values: Float32Array.from([...values.map((p) => 1 - p), ...values]),
      })
      const maps = mapsOf(cells.map(([p]) => p))
      const objects = mapsOf(cells.map(([, q]) => q))
      const trust = { classes: 1, ...grid, values: Float32Array.from(cells, ([, , t]) => t) }
      const { values } = hearObjects(maps, { maps: objects, trust })
      cells.forEach(([p, q, t], i) => {
        const heard = values[cells.length + i]
        expect(values[i] + heard).toBeCloseTo(1, 5)
        expect(heard).toBeGreaterThanOrEqual(Math.min(p, q) - 1e-6)
        expect(heard).toBeLessThanOrEqual(Math.max(p, q) + 1e-6)
        if (t === 0 || p === 0 || p === 1) expect(heard).toBeCloseTo(p, 6)
      })
    }),
  )
})
