import type { ProposedImage } from '../jobs/index.ts'
import type { ProposalAnswer } from '../project/index.ts'
import { fitRecalibration, isRight, recalibrate } from '../retrieval/without-tensorflow.ts'

type Proposal = ProposedImage['proposals'][number]

/** The scores that a person's answers to earlier proposals make of those of new ones; `rawScore` is what they were made from. */
export function scoreByAnswers(
  answers: readonly ProposalAnswer[],
): (proposal: Proposal) => Proposal & { rawScore: number } {
  const recalibration = fitRecalibration(answers.map(({ rawScore, iou }) => ({ score: rawScore, right: isRight(iou) })))
  return (proposal) => ({
    ...proposal,
    score: recalibrate(proposal.score, recalibration),
    rawScore: proposal.score,
  })
}
