import type { Engine, ProposedImage } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { answerByObjects, answerByTokens } from './answer.ts'
import { WriteBatch } from './batch.ts'
import { embed, toProblem, type ImageProblem } from './embed.ts'
import { findScope, type ScopeOptions } from './labels.ts'
import type { Operation } from './operation.ts'
import { withRun } from './with-run.ts'

export interface PropagateOptions extends Operation, ScopeOptions {
  /** Only the first, coarse answer, from objects: for thousands of images in seconds. */
  coarse?: boolean
  /** Proposals with at least this score are accepted, as part of the run. */
  acceptAbove?: number
}

export interface PropagateSummary {
  runId: number
  labelledImages: number
  /** Images that were answered. */
  images: number
  proposals: number
  accepted: number
  problems: ImageProblem[]
  /** Of the propagation itself. */
  seconds: number
}

/**
 * Proposes masks for the images that have none, from those that have: what is missing of their tokens is computed first, then drafts
 * are kept image by image, in place of the drafts of earlier runs. Cancelled, it keeps what is done.
 *
 * @throws CribsheetError nothing-labelled, weights-not-chosen, class-unknown, image-missing
 */
export async function propagate(
  project: Project,
  engine: Engine,
  { classes, images, coarse = false, acceptAbove, ...operation }: PropagateOptions = {},
): Promise<PropagateSummary> {
  const { runs } = project.store
  const scope = findScope(project, { ...(classes && { classes }), ...(images && { images }) })
  const imageIds = new Set([...scope.labelled, ...scope.targets].map(({ id }) => id))
  const { problems, ...embedded } = await embed(project, engine, { ...operation, imageIds })
  const counts = { labelledImages: scope.labelled.length, images: 0, proposals: 0, accepted: 0 }
  let seconds = 0

  const settings = {
    classes: scope.classes.map(({ name }) => name),
    ...{ images: images ?? null, coarse, acceptAbove: acceptAbove ?? null },
  }
  const run = await withRun(
    project,
    { kind: 'propagation', settings, classIds: scope.classes.map(({ id }) => id) },
    () => ({ ...counts, problems: problems.length }),
    async ({ id: runId }) => {
      const batch = new WriteBatch(project)
      const onResult = ({ imageId, proposals, problem }: ProposedImage) => {
        if (problem) problems.push(toProblem(project, imageId, problem))
        else
          batch.add(() => {
            counts.proposals += runs.writeDrafts(runId, imageId, proposals).length
            counts.images++
          })
      }
      const answer = coarse ? answerByObjects : answerByTokens
      try {
        seconds = await answer({ project, engine, scope, embedded }, { ...operation, onResult })
      } finally {
        batch.commit()
      }
      if (acceptAbove !== undefined) counts.accepted = runs.acceptAbove(runId, acceptAbove, 'run')
    },
  )
  return { runId: run.id, ...counts, problems, seconds }
}
