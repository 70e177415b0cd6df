import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Memory } from './memory.ts'
import { classLikeness, presence, presenceEvidence } from './presence.ts'
import { Voter } from './vote.ts'

/** Labelled tokens in the plane, at these angles in degrees: the first half background, the others class 1. */
function memoryOf(background: number[], ofClass: number[]): Memory {
  const angles = [...background, ...ofClass]
  const shares = angles.flatMap((_, i) => (i < background.length ? [1, 0] : [0, 1]))
  return {
    ...{ size: angles.length, dimensions: 2, classes: 2 },
    tokens: Float32Array.from(angles.flatMap(unit)),
    shares: Float32Array.from(shares),
    annotations: Uint32Array.from(shares),
  }
}

function unit(degrees: number): number[] {
  const angle = (degrees * Math.PI) / 180
  return [Math.cos(angle), Math.sin(angle)]
}

/** What is said of class 1 in an image of these tokens. */
function evidenceIn(tokens: number[], memory: Memory) {
  const voter = new Voter(memory, { neighbours: 30, temperature: 0.05 })
  try {
    const vote = voter.vote(Float16Array.from(tokens.flatMap(unit)), { columns: tokens.length, rows: 1 })
    return presenceEvidence(1, [{ vote, memory, likeness: classLikeness(memory, voter) }])
  } finally {
    voter.dispose()
  }
}

const labelled = memoryOf([0, 5, 10, 15], [80, 90, 100, 110])

test('an image with tokens like the labelled ones has the class, one without has not', () => {
  const nothing = Array.from({ length: 30 }, (_, i) => i / 2)
  const something = [...nothing, ...Array.from({ length: 12 }, (_, i) => 85 + i)]
  const [here, missing] = [evidenceIn(something, labelled), evidenceIn(nothing, labelled)]
  expect(here.likeness).toBeGreaterThan(0)
  expect(missing.likeness).toBeLessThan(-0.5)
  expect(presence(here)).toBeGreaterThan(0.9)
  expect(presence(missing)).toBeLessThan(0.1)
})

test('likeness is held against how alike the labelled tokens of the class are to each other', () => {
  const varied = memoryOf([0, 5, 10, 15], [60, 90, 120, 150])
  const tokens = Array.from({ length: 12 }, () => 75)
  expect(evidenceIn(tokens, varied).likeness).toBeGreaterThan(evidenceIn(tokens, labelled).likeness)
})

test('a class of a single token, and an image of a single token, are no error', () => {
  const { likeness, vote } = evidenceIn([90], memoryOf([0, 10], [90]))
  expect(likeness).toBeCloseTo(0.2, 2)
  expect(vote).toBeGreaterThan(0)
})

test('more likeness and more votes never make a class less probable', () => {
  const number = fc.integer({ min: -100, max: 100 }).map((n) => n / 20)
  fc.assert(
    fc.property(number, number, number, number, (likeness, vote, more, still) => {
      const grown = { likeness: likeness + Math.abs(more), vote: vote + Math.abs(still) }
      expect(presence(grown)).toBeGreaterThanOrEqual(presence({ likeness, vote }))
    }),
  )
})
