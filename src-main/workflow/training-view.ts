import { z } from 'zod'
import { lossNames, type LossCurves, type Run, type TrainingView } from '../contract/index.ts'
import { readTrainingStatus, type Project } from '../project/index.ts'
import { removeStates } from './finetune.ts'
import { runFolder } from './training-request.ts'

const number = z.number()

/** What a run of training keeps of itself; all of it may be missing, as in a run that failed early. */
const settingsSchema = z.object({
  preset: z.string().catch(''),
  images: number.catch(0),
  heldOut: number.catch(0),
  labelled: number.catch(0),
})
const summarySchema = z.object({
  step: number.catch(0),
  steps: number.nullable().catch(null),
  reason: z.string().nullable().catch(null),
  notes: z.array(z.string()).catch([]),
})

/** The newest training, as it goes or as it ended; null where there was none. */
export function newestTraining(project: Project): TrainingView | null {
  const run = project.store.runs.all('training').at(0)
  if (!run) return null
  const { preset, images, heldOut, labelled } = settingsSchema.parse(run.settings)
  const candidates = project.store.candidates.ofRun(run.id)
  return {
    ...{ runId: run.id, state: run.state, startedAt: run.startedAt },
    ...{ preset, images, heldOutImages: heldOut },
    measuredBy: labelled >= 2 ? 'labels' : heldOut > 0 ? 'agreement' : null,
    candidates: candidates.map(({ step, heldOut: figure, kept }) => ({ step, heldOut: figure, kept })),
    ...progressOf(project, run),
  }
}

type Progress = Pick<
  TrainingView,
  'phase' | 'step' | 'steps' | 'imagesPerSecond' | 'secondsLeft' | 'memoryBytes' | 'reason' | 'notes'
>

function progressOf(project: Project, { id, state, summary }: Run): Progress {
  const { step, steps, reason, notes } = summarySchema.parse(summary)
  const status = readTrainingStatus(project.dataFolder)
  if (status?.runId !== id)
    return { phase: '', step, steps, imagesPerSecond: null, secondsLeft: null, memoryBytes: null, reason, notes }
  const runs = state === 'running'
  return {
    phase: runs ? status.phase : '',
    // Gone on with, it does not know yet where it is.
    step: runs && status.steps !== null ? status.step : step,
    steps: status.steps ?? steps,
    imagesPerSecond: status.imagesPerSecond,
    secondsLeft: runs ? status.secondsLeft : null,
    memoryBytes: status.metrics.memoryBytes ?? null,
    ...{ reason, notes },
  }
}

/** The losses of a run from after a step on. */
export function lossCurves(project: Project, runId: number, after: number): LossCurves {
  const metrics = project.store.metrics.after(runId, after, lossNames)
  const steps = [...new Set(metrics.map(({ step }) => step))]
  const rowOf = new Map(steps.map((step, row) => [step, row]))
  const losses: LossCurves['losses'] = { loss: [], lossImage: [], lossObject: [], lossCrossImage: [] }
  for (const name of lossNames) losses[name] = steps.map(() => null)
  for (const { name, step, value } of metrics) {
    const curve = losses[lossNames.find((known) => known === name) ?? 'loss']
    curve[rowOf.get(step) ?? 0] = value
  }
  return { steps, losses }
}

/** The newest training, where it waits to be gone on with, is given up: its states go, the project's weights stay. */
export function giveUpTraining(project: Project): void {
  const run = project.store.runs.all('training').at(0)
  if (run?.state !== 'paused' && run?.state !== 'failed') return
  project.store.runs.cancel(run.id, run.summary)
  removeStates(runFolder(project, run.id))
}
