import { CribsheetError, type Handlers, type JobView, type Procedures } from '../../contract/index.ts'
import { giveUpTraining, lossCurves, newestTraining, requiredWeights, trainingCosts } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { training, trainingCost } from '../job-plans.ts'

export function trainingHandlers(host: Host): Handlers<Procedures>['training'] {
  /** The job of the training that is under way. */
  const current = (): JobView | undefined =>
    host.jobs.all().find(({ kind, state }) => kind === 'train' && (state === 'running' || state === 'waiting'))

  const start = (options: Parameters<typeof training>[1]) => {
    requiredWeights(host.project)
    if (current()) throw alreadyTraining()
    const jobId = host.jobs.start(training(host, options))
    host.emit({ type: 'training-changed' })
    return { jobId }
  }

  return {
    presets: ({ batch }) => trainingCosts(host.project, host.status.device?.name ?? null, batch),
    measure: ({ preset, batch }) => {
      requiredWeights(host.project)
      return { jobId: host.jobs.start(trainingCost(host, preset, batch)) }
    },
    newest: () => {
      const view = newestTraining(host.project)
      return view?.state === 'paused' && current()?.state === 'waiting' ? { ...view, state: 'waiting' } : view
    },
    losses: ({ runId, after }) => lossCurves(host.project, runId, after),
    start,
    resume: () => start(null),
    pause: () => {
      const job = current()
      if (job) host.jobs.cancel(job.id) // which pauses it, and lets it be gone on with
      host.emit({ type: 'training-changed' })
    },
    cancel: async () => {
      const job = current()
      if (job) {
        host.jobs.cancel(job.id)
        await host.jobs.ended(job.id)
      }
      giveUpTraining(host.project)
      host.emit({ type: 'training-changed' })
    },
  }
}

function alreadyTraining(): CribsheetError {
  return new CribsheetError('argument-invalid', 'A training is under way already.', {
    advice: 'Wait until it has ended, or cancel it.',
  })
}
