import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sumsOf } from './maps-for-tests.ts'
import type { Memory } from './memory.ts'
import { Voter } from './vote.ts'

function memoryOf(tokens: number[][], shares: number[][]): Memory {
  return {
    size: tokens.length,
    dimensions: tokens[0].length,
    classes: shares[0].length,
    tokens: Float32Array.from(tokens.flat()),
    shares: Float32Array.from(shares.flat()),
    annotations: new Uint32Array(shares.flat().length),
  }
}

const unit = (angle: number): number[] => [Math.cos(angle), Math.sin(angle)]
const angles = (least: number) =>
  fc.array(fc.double({ min: 0, max: 6, noNaN: true }), { minLength: least, maxLength: 40 })

test('the vote is the softmax over the most alike tokens of the memory', () => {
  fc.assert(
    fc.property(angles(1), angles(1), (labelled, asked) => {
      const shares = labelled.map((_, i) => [0.25 * (i % 5), 1 - 0.25 * (i % 5)])
      const voter = new Voter(memoryOf(labelled.map(unit), shares), { neighbours: 5, temperature: 0.05 })
      const tokens = new Float16Array(asked.flatMap(unit))
      const vote = voter.vote(tokens, { columns: asked.length, rows: 1 })
      voter.dispose()
      asked.forEach((_, i) => {
        const cosines = labelled
          .map(unit)
          .map(([x, y], j) => ({ j, cosine: x * tokens[2 * i] + y * tokens[2 * i + 1] }))
        const nearest = cosines.sort((a, b) => b.cosine - a.cosine).slice(0, 5)
        const weights = nearest.map(({ cosine }) => Math.exp(cosine / 0.05))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        // where two tokens of the memory are equally alike, which of them is fifth is open: all of them lie between these
        const tied =
          cosines.filter(({ cosine }) => Math.abs(cosine - nearest[nearest.length - 1].cosine) < 1e-6).length > 1
        const expected = nearest.reduce((sum, { j }, k) => sum + (weights[k] / total) * shares[j][0], 0)
        if (!tied) expect(vote.maps.values[i]).toBeCloseTo(expected, 4)
        nearest.forEach(({ cosine }, k) => expect(vote.cosines[i * vote.neighbours + k]).toBeCloseTo(cosine, 5))
      })
      for (const sum of sumsOf(vote.maps)) expect(sum).toBeCloseTo(1, 5)
    }),
    { numRuns: 50 },
  )
})

test('a memory larger than fits one product is gone through in parts, with the same result', () => {
  const size = 30_000
  const labelled = Array.from({ length: size }, (_, i) => (i / size) * 6)
  const shares = labelled.map((angle) => (angle < 3 ? [1, 0] : [0, 1]))
  const voter = new Voter(memoryOf(labelled.map(unit), shares), { neighbours: 3, temperature: 0.05 })
  const asked = Array.from({ length: 1200 }, (_, i) => (i / 1200) * 6)
  const vote = voter.vote(new Float16Array(asked.flatMap(unit)), { columns: 40, rows: 30 })
  voter.dispose()
  asked.forEach((angle, i) => {
    const distances = Array.from(vote.indices.subarray(3 * i, 3 * i + 3), (j) => Math.abs(labelled[j] - angle))
    for (const distance of distances) expect(distance).toBeLessThan(0.002)
    if (Math.abs(angle - 3) > 0.01) expect(vote.maps.values[i]).toBeCloseTo(angle < 3 ? 1 : 0, 6)
  })
})

test('the order of the memory does not matter', () => {
  fc.assert(
    fc.property(angles(3), (labelled) => {
      const shares = labelled.map((angle) => [angle / 6, 1 - angle / 6])
      const voteWith = (order: number[]) => {
        const voter = new Voter(
          memoryOf(
            order.map((j) => unit(labelled[j])),
            order.map((j) => shares[j]),
          ),
          { neighbours: 30, temperature: 0.05 },
        )
        const vote = voter.vote(new Float16Array(unit(1)), { columns: 1, rows: 1 })
        voter.dispose()
        return vote.maps.values[0]
      }
      const order = [...labelled.keys()]
      if (labelled.length <= 30) expect(voteWith(order)).toBeCloseTo(voteWith(order.toReversed()), 5)
    }),
    { numRuns: 30 },
  )
})

test('only tokens in doubt are asked; the others keep what is known of them', () => {
  fc.assert(
    fc.property(angles(1), angles(1), fc.double({ min: 0.5, max: 1, noNaN: true }), (labelled, asked, from) => {
      const shares = labelled.map((_, i) => [0.25 * (i % 5), 1 - 0.25 * (i % 5)])
      const voter = new Voter(memoryOf(labelled.map(unit), shares), { neighbours: 5, temperature: 0.05 })
      const tokens = new Float16Array(asked.flatMap(unit))
      const grid = { columns: asked.length, rows: 1 }
      const first = asked.map((_, i) => Math.fround((i % 7) / 6))
      const belief = { ...grid, classes: 2, values: Float32Array.from([...first, ...first.map((value) => 1 - value)]) }
      const whole = voter.vote(tokens, grid)
      const part = voter.vote(tokens, grid, { maps: belief, from })
      voter.dispose()
      const row = <Row extends { subarray(from: number, to: number): Row }>(values: Row, i: number) =>
        values.subarray(i * whole.neighbours, (i + 1) * whole.neighbours)
      first.forEach((value, i) => {
        const inDoubt = Math.max(value, Math.fround(1 - value)) < from
        expect(part.maps.values[i]).toBeCloseTo(inDoubt ? whole.maps.values[i] : value, 5)
        expect(row(part.weights, i).some((weight) => weight > 0)).toBe(inDoubt)
        if (inDoubt)
          row(part.cosines, i).forEach((cosine, k) => expect(cosine).toBeCloseTo(row(whole.cosines, i)[k], 5))
      })
    }),
    { numRuns: 30 },
  )
})
