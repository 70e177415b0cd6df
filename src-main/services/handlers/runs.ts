import type { Handlers, Procedures } from '../../contract/index.ts'
import { listRuns, undoRun } from '../../workflow/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './image-action.ts'

export function runHandlers(host: Host): Handlers<Procedures>['runs'] {
  return {
    all: () => listRuns(host.project),
    undo: ({ id }) => {
      const reached = host.project.store.runs.reachedImages(id)
      const undone = undoRun(host.project, id)
      emitAnnotations(host, reached)
      return undone
    },
  }
}
