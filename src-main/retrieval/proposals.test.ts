import { expect, test } from 'vitest'
import { confidence } from './confidence.ts'
import type { Memory } from './memory.ts'
import { toProposal } from './proposals.ts'
import type { Vote } from './vote.ts'

// A memory of three tokens: background, annotation 11 and annotation 12, both of class 5.
const memory: Memory = {
  size: 3,
  dimensions: 1,
  classes: 2,
  tokens: new Float32Array(3),
  shares: Float32Array.of(1, 0, 0, 1, 0.5, 0.5),
  annotations: Uint32Array.of(0, 0, 0, 11, 0, 12),
}

// An image of two tokens side by side, each with two neighbours.
const vote: Vote = {
  maps: { classes: 2, columns: 2, rows: 1, values: new Float32Array(4) },
  neighbours: 2,
  indices: Int32Array.of(1, 2, 2, 0),
  cosines: Float32Array.of(0.9, 0.8, 0.7, 0.6),
  weights: Float32Array.of(0.6, 0.4, 0.75, 0.25),
}

const evidence = { softIou: 0.9, stability: 0.8 }
/** A class that is surely in the image. */
const cow = { classId: 5, present: 1 }

function component(mask: { size: [number, number]; counts: number[] }) {
  return { classIndex: 1, mask, box: { x: 0, y: 0, width: 1, height: 1 }, area: 1, evidence }
}

const leftHalf = { size: [1, 4] as [number, number], counts: [0, 2, 2] }
const rightHalf = { size: [1, 4] as [number, number], counts: [2, 2] }

test('a proposal comes from the annotation that gave its tokens most vote, with the cosine of those votes', () => {
  const left = toProposal(component(leftHalf), cow, [{ vote, memory }])
  expect(left).toMatchObject({ classId: 5, sourceAnnotationId: 11, score: confidence(evidence) })
  expect(left?.similarity).toBeCloseTo(0.9, 6)
  const right = toProposal(component(rightHalf), cow, [{ vote, memory }])
  expect(right?.sourceAnnotationId).toBe(12)
  expect(right?.similarity).toBeCloseTo(0.7, 6)
})

test('scales vote together, and cosines are weighted by their votes', () => {
  const both = toProposal(component(rightHalf), cow, [
    { vote, memory },
    {
      vote: { ...vote, cosines: Float32Array.of(0, 0, 0.5, 0), weights: Float32Array.of(0.5, 0.5, 0.25, 0.75) },
      memory,
    },
  ])
  expect(both?.similarity).toBeCloseTo((0.75 * 0.7 + 0.25 * 0.5) / (0.75 + 0.25), 6)
})

test('where no token of the component heard of its class, those of the whole image say where it came from', () => {
  const elsewhere = { ...vote, indices: Int32Array.of(1, 2, 0, 0) }
  expect(toProposal(component(rightHalf), cow, [{ vote: elsewhere, memory }])?.sourceAnnotationId).toBe(11)
})

test('a class that nobody voted for makes no proposal', () => {
  const nobody = { ...vote, indices: Int32Array.of(0, 0, 0, 0) }
  expect(toProposal(component(leftHalf), cow, [{ vote: nobody, memory }])).toBeNull()
})

test('a class that is probably not in the image makes no probable proposal; one that is there by half takes nothing away', () => {
  const scoreWith = (present: number) => toProposal(component(leftHalf), { ...cow, present }, [{ vote, memory }])?.score
  expect(scoreWith(0.01)).toBe(0.01)
  expect(scoreWith(0.5)).toBe(confidence(evidence))
})
