import { CribsheetError, type Handlers, type Procedures, type Run, type RunCounts } from '../../contract/index.ts'
import { listRuns, repeatOptions, undoRun } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './image-action.ts'
import { startPropagation } from './jobs.ts'

const none: RunCounts = { drafts: 0, accepted: 0, rejected: 0, replaced: 0, byPerson: 0 }

export function runHandlers(host: Host): Handlers<Procedures>['runs'] {
  return {
    all: () => {
      const counts = host.project.store.runs.counts()
      return listRuns(host.project).map((run) => ({
        ...run,
        counts: counts.get(run.id) ?? none,
        canBeUndone: canBeUndone(run),
        canBeRepeated: repeatOptions(run) !== null,
      }))
    },
    undo: async ({ id }) => {
      await host.live.stop() // it might be writing to this very run
      const reached = host.project.store.runs.reachedImages(id)
      const undone = undoRun(host.project, id)
      emitAnnotations(host, reached)
      return undone
    },
    again: async ({ id }) => {
      const options = repeatOptions(host.project.store.runs.existing(id))
      if (options) return { jobId: await startPropagation(host, options) }
      throw new CribsheetError('argument-invalid', `Run ${id} cannot be run again.`, {
        advice: 'Choose a propagation.',
      })
    },
    annotations: ({ id, after, count }) => ({
      ids: host.project.store.runs.annotations(id, { after, limit: count }),
    }),
  }
}

function canBeUndone({ kind, state }: Run): boolean {
  return kind !== 'training' && state !== 'running' && state !== 'undone'
}
