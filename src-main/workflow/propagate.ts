import { z } from 'zod'
import { CribsheetError, type Image, type Run } from '../contract/index.ts'
import type { Engine } from '../jobs/index.ts'
import type { DraftMode, Project } from '../project/index.ts'
import { embed, type ImageProblem } from './embed.ts'
import { findScope, type Scope, type ScopeOptions } from './labels.ts'
import { withRun } from './with-run.ts'
import { writeAnswers, type AnswerCounts, type WriteOptions } from './write-answers.ts'

export interface PropagateOptions extends WriteOptions, ScopeOptions {
  /** Only the first, coarse answer, from objects: for thousands of images in seconds. */
  coarse?: boolean
  /** Proposals with at least this score are accepted, as part of the run. */
  acceptAbove?: number
  /** What becomes of the drafts of earlier runs; they are replaced where it is left out. */
  mode?: DraftMode
  /** Ids of images that are answered before the others, such as those on the screen. */
  first?: readonly number[]
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

/** What a propagation was asked, as its run keeps it. */
const settingsSchema = z.object({
  classes: z.array(z.string()),
  /** It was not asked for certain classes: those that are labelled later belong to it too. */
  allClasses: z.boolean().default(false),
  images: z.array(z.string()).nullable(),
  unlabelledOnly: z.boolean().default(false),
  mode: z.enum(['replace', 'add']).default('replace'),
  coarse: z.boolean(),
  acceptAbove: z.number().nullable(),
})
type PropagationRunSettings = z.infer<typeof settingsSchema>

/**
 * Proposes masks for the images that have none, from those that have: what is missing of their tokens is computed first, then drafts
 * are kept image by image, in place of the drafts of earlier runs. Cancelled, it keeps what is done.
 *
 * @throws CribsheetError nothing-labelled, weights-not-chosen, class-unknown, image-missing
 */
export async function propagate(
  project: Project,
  engine: Engine,
  options: PropagateOptions = {},
): Promise<PropagateSummary> {
  const { coarse = false, acceptAbove, mode = 'replace', first = [], onAnswered, signal, onProgress } = options
  const operation = { ...(signal && { signal }), ...(onProgress && { onProgress }) }
  const scope = inOrder(findScope(project, options), first)
  const { problems, ...embedded } = await embedScope(project, engine, scope, operation)
  const counts: AnswerCounts = { images: 0, proposals: 0, problems }
  const labelledImages = scope.labelled.length
  let accepted = 0
  let seconds = 0

  const settings: PropagationRunSettings = {
    classes: scope.classes.map(({ name }) => name),
    allClasses: options.classes === undefined,
    images: options.images ? [...options.images] : null,
    ...{ unlabelledOnly: options.unlabelledOnly ?? false, mode, coarse, acceptAbove: acceptAbove ?? null },
  }
  const run = await withRun(
    project,
    { kind: 'propagation', settings, classIds: scope.classes.map(({ id }) => id) },
    () => ({ ...counts, labelledImages, accepted, problems: problems.length }),
    async ({ id: runId }) => {
      const question = { project, engine, scope, embedded }
      seconds = await writeAnswers(question, { runId, mode, coarse }, counts, { ...operation, onAnswered })
      if (acceptAbove !== undefined) accepted = project.store.runs.acceptAbove(runId, acceptAbove, 'run')
    },
  )
  return { runId: run.id, labelledImages, ...counts, accepted, seconds }
}

/** What a propagation was asked, to be asked again; null for a run of another kind. */
export function repeatOptions(run: Run): PropagateOptions | null {
  const { data: settings } = settingsSchema.safeParse(run.settings)
  if (run.kind !== 'propagation' || !settings) return null
  const { classes, allClasses, images, acceptAbove, ...others } = settings
  return {
    ...others,
    ...(!allClasses && { classes }),
    ...(images && { images }),
    ...(acceptAbove !== null && { acceptAbove }),
  }
}

/**
 * Answers anew, by the labels that there are now, the images that a propagation has answered: its drafts are replaced, save those that
 * a person has changed or answered. Classes that were labelled since are looked for where the propagation was for all.
 *
 * @throws CribsheetError run-missing, weights-not-chosen, class-unknown
 */
export async function updateProposals(
  project: Project,
  engine: Engine,
  runId: number,
  { first = [], onAnswered, ...operation }: WriteOptions & Pick<PropagateOptions, 'first'> = {},
): Promise<void> {
  const { runs } = project.store
  const options = repeatOptions(runs.existing(runId))
  const scope = options && findScopeIfLabelled(project, options)
  if (!scope) return
  const reached = new Set(runs.reachedImages(runId))
  const targets = scope.targets.filter(({ id }) => reached.has(id))
  if (targets.length === 0) return
  const ordered = inOrder({ ...scope, targets }, first)
  const { problems, ...embedded } = await embedScope(project, engine, ordered, operation)
  runs.addClasses(
    runId,
    scope.classes.map(({ id }) => id),
  )
  const { mode = 'replace', coarse = false } = options
  const question = { project, engine, scope: ordered, embedded }
  const counts = { images: 0, proposals: 0, problems }
  await writeAnswers(question, { runId, mode, coarse }, counts, { ...operation, onAnswered })
}

/** Null where the labels are gone. @throws CribsheetError class-unknown */
function findScopeIfLabelled(project: Project, { classes }: ScopeOptions): Scope | null {
  try {
    return findScope(project, { ...(classes && { classes }) })
  } catch (error) {
    if (error instanceof CribsheetError && error.code === 'nothing-labelled') return null
    throw error
  }
}

function embedScope(project: Project, engine: Engine, scope: Scope, operation: WriteOptions) {
  const imageIds = new Set([...scope.labelled, ...scope.rejected, ...scope.targets].map(({ id }) => id))
  return embed(project, engine, { ...operation, imageIds })
}

function inOrder(scope: Scope, first: readonly number[]): Scope {
  const places = new Map(first.map((id, place) => [id, place]))
  const placeOf = ({ id }: Image) => places.get(id) ?? first.length
  return { ...scope, targets: scope.targets.toSorted((a, b) => placeOf(a) - placeOf(b)) }
}
