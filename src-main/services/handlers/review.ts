import type { Annotation, Handlers, Procedures, ShownAnnotation } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { changeable, emitAnnotations } from './image-action.ts'

type Step = ReturnType<Host['project']['store']['history']['undoNewest']>
type StepView = { label: string; imageId: number | null } | null

export function reviewHandlers(host: Host): Handlers<Procedures>['review'] {
  /** With its image; null where either is gone. */
  const shown = (annotation: Annotation | undefined): ShownAnnotation | null => {
    const image = annotation && host.project.store.images.get(annotation.imageId)
    return image ? { annotation, image } : null
  }
  const tell = (step: Step): StepView => {
    if (!step) return null
    const { label, imageId, across } = step
    emitAnnotations(host, across?.imageIds ?? (imageId === null ? [] : [imageId]))
    return { label, imageId }
  }

  return {
    queue: ({ order, ...filter }) => ({ ids: host.project.store.proposals.queue(filter, order) }),
    get: ({ id }) => {
      const { annotations } = host.project.store
      const proposal = shown(annotations.get(id))
      if (!proposal) return null
      const { sourceAnnotationId } = proposal.annotation
      return { ...proposal, source: sourceAnnotationId === null ? null : shown(annotations.get(sourceAnnotationId)) }
    },
    answer: ({ id, state, classId }) => {
      const { annotations, classes, history } = host.project.store
      const [{ imageId }] = changeable(host, [id])
      const label =
        classId === undefined ? `${verbs[state]} a proposal` : `Accept as ${classes.get(classId)?.name ?? ''}`
      const change = () => annotations.update(id, { state, ...(classId !== undefined && { classId }) })
      history.record(label, change, imageId)
      emitAnnotations(host, [imageId])
    },
    certainties: (filter) => ({ counts: host.project.store.proposals.certainties(filter) }),
    page: ({ classId, runId, ...page }) => host.project.store.proposals.page({ classId, runId }, page),
    acceptAbove: ({ limit, ...filter }) => {
      const { proposals, annotations, history } = host.project.store
      const { ids, imageIds } = proposals.above(filter, limit)
      const accept = () => annotations.setState(ids, 'accepted')
      const { result, action } = history.recordAcross(`Accept ${countOf(ids)} from ${limit} % on`, accept)
      emitAnnotations(host, imageIds)
      return { accepted: result, action }
    },
    takeBack: ({ action }) => {
      const { takenBack, kept } = host.project.store.history.takeBack(action)
      emitAnnotations(host, [])
      return { takenBack, kept }
    },
    next: () => {
      const { undo, redo } = host.project.store.history.newest()
      return { undo, redo }
    },
    undo: () => tell(host.project.store.history.undoNewest()),
    redo: () => tell(host.project.store.history.redoNewest()),
  }
}

const verbs: Record<Annotation['state'], string> = { accepted: 'Accept', rejected: 'Reject', draft: 'Reopen' }

function countOf({ length }: readonly unknown[]): string {
  return length === 1 ? 'a proposal' : `${length} proposals`
}
