import type { Annotation, Handlers, Procedures, Shape } from '../../contract/index.ts'
import { checkRunLengths, rasterisePolygons } from '../../masks/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

/** Each is one step in the history of its image. */
export function annotationHandlers(host: Host): Handlers<Procedures>['annotations'] {
  const existing = (id: number) => found(host.project.store.annotations.get(id), 'The annotation')

  /** One action on annotations, which may lie on several images: then it is one step in each one's history. */
  const act = (label: (count: number) => string, ids: number[], work: (ids: number[]) => unknown) => {
    const { history } = host.project.store
    const byImage = Map.groupBy(ids.map(existing), ({ imageId }) => imageId)
    host.project.store.transaction(() => {
      for (const [imageId, annotations] of byImage)
        history.record(label(annotations.length), () => work(annotations.map(({ id }) => id)), imageId)
    })
    emitAnnotations(host, [...byImage.keys()])
  }

  return {
    ofImage: ({ imageId }) => {
      const { annotations, negatives, history } = host.project.store
      return {
        annotations: annotations.ofImage(imageId, { states: ['draft', 'accepted'] }),
        absentClasses: negatives.ofImage(imageId),
        history: history.next(imageId),
      }
    },
    add: ({ imageId, classId, shape }) => {
      const { annotations, classes, history } = host.project.store
      const label = `Draw ${classes.get(classId)?.name ?? 'an annotation'}`
      const drawn = outline(host, imageId, shape)
      const add = () => annotations.add({ imageId, classId, ...drawn, source: 'person' })
      const id = history.record(label, add, imageId)
      emitAnnotations(host, [imageId])
      return { id }
    },
    setShape: ({ id, shape }) => {
      const { annotations, history } = host.project.store
      const { imageId } = existing(id)
      const drawn = outline(host, imageId, shape)
      // A person who corrects a proposal means it.
      const change = () => annotations.update(id, { ...drawn, state: 'accepted' })
      const changed = history.record('Change the mask', change, imageId)
      emitAnnotations(host, [imageId])
      return changed
    },
    setClass: ({ ids, classId }) => {
      const { annotations, classes } = host.project.store
      const name = classes.get(classId)?.name ?? ''
      act(
        (count) => `Make ${countOf(count)} ${name}`,
        ids,
        (own) => own.forEach((id) => annotations.update(id, { classId })),
      )
    },
    setState: ({ ids, state }) => {
      const { annotations } = host.project.store
      act(
        (count) => `${verbs[state]} ${countOf(count)}`,
        ids,
        (own) => annotations.setState(own, state),
      )
    },
    remove: ({ ids }) => {
      const { annotations } = host.project.store
      act(
        (count) => `Delete ${countOf(count)}`,
        ids,
        (own) => annotations.remove(own),
      )
    },
    setAbsent: ({ imageId, classId, absent }) => {
      const { negatives, history, classes } = host.project.store
      const name = classes.get(classId)?.name ?? ''
      const change = absent ? () => negatives.add(imageId, classId) : () => negatives.remove(imageId, classId)
      history.record(absent ? `No ${name} here` : `Perhaps ${name} here`, change, imageId)
      emitAnnotations(host, [imageId])
    },
  }
}

const verbs: Record<Annotation['state'], string> = { accepted: 'Accept', rejected: 'Reject', draft: 'Reopen' }

function countOf(count: number): string {
  return count === 1 ? 'an annotation' : `${count} annotations`
}

/** The mask of what was drawn, with the rings where it was drawn as such. @throws CribsheetError mask-invalid, image-missing */
function outline(host: Host, imageId: number, shape: Shape): Pick<Annotation, 'mask' | 'polygons'> {
  if (shape.kind === 'mask') return { mask: checkRunLengths(shape.mask.size, shape.mask.counts), polygons: null }
  const { width, height } = found(host.project.store.images.get(imageId), 'The image')
  return { mask: rasterisePolygons(shape.rings, width, height), polygons: shape.rings }
}

export function emitAnnotations(host: Host, imageIds: number[]): void {
  for (const imageId of imageIds) host.emit({ type: 'annotations-changed', imageId })
  host.emit({ type: 'images-changed' })
  host.emit({ type: 'classes-changed' })
  host.emitProject()
}
