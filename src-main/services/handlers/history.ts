import type { DoneStep, Handlers, Procedures } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { emitAnnotations } from './image-action.ts'

type Step = ReturnType<Host['project']['store']['history']['undo']>

export function historyHandlers(host: Host): Handlers<Procedures>['history'] {
  /** The project's own history is that of its classes, whose annotations may lie anywhere. */
  const tell = (imageId: number | null, step: Step): DoneStep => {
    const imageIds = step?.across?.imageIds ?? []
    emitAnnotations(host, imageId === null ? imageIds : [...new Set([imageId, ...imageIds])])
    const across = step?.across ? { changed: step.across.changed, kept: step.across.kept } : null
    return { label: step?.label ?? null, across }
  }
  return {
    next: ({ imageId }) => host.project.store.history.next(imageId),
    undo: ({ imageId }) => tell(imageId, host.project.store.history.undo(imageId)),
    redo: ({ imageId }) => tell(imageId, host.project.store.history.redo(imageId)),
  }
}
