import type { ProposedImage } from '../jobs/index.ts'
import type { DraftMode } from '../project/index.ts'
import { answerByObjects, answerByTokens, type Question } from './answer.ts'
import { WriteBatch } from './batch.ts'
import { toProblem, type ImageProblem } from './embed.ts'
import type { Operation } from './operation.ts'
import { scoreByAnswers } from './score-by-answers.ts'

/** The run that proposals are written into, and how. */
export interface AnswerTarget {
  runId: number
  mode: DraftMode
  /** By objects alone. */
  coarse: boolean
}

export interface AnswerCounts {
  /** Images that were answered. */
  images: number
  proposals: number
  problems: ImageProblem[]
}

export type WriteOptions = Operation & {
  /** Called after the proposals of these images have reached the disk. */
  onAnswered?: ((imageIds: number[]) => void) | undefined
}

/**
 * Asks the engine for proposals and keeps them in the store, image by image as they come. Cancelled, it keeps what is done.
 *
 * @param counts goes along with what is done
 * @returns seconds that it took
 */
export async function writeAnswers(
  question: Question,
  { runId, mode, coarse }: AnswerTarget,
  counts: AnswerCounts,
  { onAnswered, ...operation }: WriteOptions,
): Promise<number> {
  const { project } = question
  let answered: number[] = []
  const batch = new WriteBatch(project, () => {
    onAnswered?.(answered)
    answered = []
  })
  // Scores of the coarse answer are of another kind than those that answers were given to.
  const score = coarse ? null : scoreByAnswers(project.store.answers.newest())
  const onResult = ({ imageId, proposals, problem }: ProposedImage) => {
    if (problem) counts.problems.push(toProblem(project, imageId, problem))
    else
      batch.add(() => {
        const drafts = score ? proposals.map(score) : proposals
        counts.proposals += project.store.runs.writeDrafts(runId, imageId, drafts, mode).length
        counts.images++
        answered.push(imageId)
      })
  }
  try {
    return await (coarse ? answerByObjects : answerByTokens)(question, { ...operation, onResult })
  } finally {
    batch.commit()
  }
}
