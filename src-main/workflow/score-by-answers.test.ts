import { expect, test } from 'vitest'
import type { ProposalAnswer } from '../project/index.ts'
import { scoreByAnswers } from './score-by-answers.ts'

const proposal = {
  ...{ classId: 1, score: 0.8, similarity: 0.7, sourceAnnotationId: 3, area: 1 },
  mask: { size: [1, 1] as [number, number], counts: [0, 1] },
  box: { x: 0, y: 0, width: 1, height: 1 },
}

function scoreAfter(answers: ProposalAnswer[]): number {
  const scored = scoreByAnswers(answers)(proposal)
  expect(scored).toMatchObject({ classId: 1, mask: proposal.mask, rawScore: 0.8 })
  return scored.score
}

test('without answers a score stays as it is', () => {
  expect(scoreAfter([])).toBeCloseTo(0.8, 12)
})

test('accepted proposals raise the scores of those to come, rejected and much corrected ones lower them', () => {
  const tenTimes = (iou: number) => Array.from({ length: 10 }, () => ({ rawScore: 0.8, iou }))
  expect(scoreAfter(tenTimes(1))).toBeGreaterThan(0.85)
  expect(scoreAfter(tenTimes(0))).toBeLessThan(0.5)
  expect(scoreAfter(tenTimes(0.7))).toBe(scoreAfter(tenTimes(0)))
  expect(scoreAfter(tenTimes(0.76))).toBe(scoreAfter(tenTimes(1)))
})
