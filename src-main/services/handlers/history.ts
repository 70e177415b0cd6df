import type { Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './image-action.ts'

export function historyHandlers(host: Host): Handlers<Procedures>['history'] {
  /** The project's own history is that of its classes, whose annotations may lie anywhere. */
  const tell = (imageId: number | null) => emitAnnotations(host, imageId === null ? [] : [imageId])
  return {
    next: ({ imageId }) => host.project.store.history.next(imageId),
    undo: ({ imageId }) => {
      const label = host.project.store.history.undo(imageId)
      tell(imageId)
      return { label }
    },
    redo: ({ imageId }) => {
      const label = host.project.store.history.redo(imageId)
      tell(imageId)
      return { label }
    },
  }
}
