import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './annotations.ts'

export function historyHandlers(host: Host): Handlers<Procedures>['history'] {
  return {
    undo: ({ imageId }) => {
      const label = host.project.store.history.undo(imageId)
      emitAnnotations(host, [imageId])
      return { label }
    },
    redo: ({ imageId }) => {
      const label = host.project.store.history.redo(imageId)
      emitAnnotations(host, [imageId])
      return { label }
    },
  }
}
