import { CribsheetError, type Annotation, type Handlers, type Procedures, type Shape } from '../../contract/index.ts'
import {
  checkRunLengths,
  rasterisePolygons,
  splitIntoComponents,
  subtract,
  translate,
  unite,
} from '../../masks/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'
import { actOnAnnotations, actOnImage, changeable, existing } from './image-action.ts'

type Outline = Pick<Annotation, 'mask' | 'polygons' | 'holes'>

/** Each is one step in the history of its image. */
export function annotationHandlers(host: Host): Handlers<Procedures>['annotations'] {
  const nameOf = (classId: number) => host.project.store.classes.get(classId)?.name ?? ''

  return {
    ofImage: ({ imageId, known }) => {
      const { annotations, negatives, history, revisions } = host.project.store
      const revision = revisions.of(imageId)
      if (known === revision) return null
      return {
        revision,
        annotations: annotations.ofImage(imageId, { states: ['draft', 'accepted'] }),
        absentClasses: negatives.ofImage(imageId),
        history: history.next(imageId),
      }
    },
    add: ({ imageId, classId, shape }) => {
      const { annotations, negatives } = host.project.store
      const drawn = outline(host, imageId, shape)
      const { result, change } = actOnImage(host, imageId, `Draw ${nameOf(classId) || 'an annotation'}`, () => {
        const id = annotations.add({ imageId, classId, ...drawn, source: 'person' })
        negatives.remove(imageId, classId)
        return { touched: [id], result: id }
      })
      return { id: result, change }
    },
    setShape: ({ id, shape }) => {
      const [{ imageId }] = changeable(host, [id])
      return reshape(
        host,
        [id],
        () => 'Change the mask',
        () => outline(host, imageId, shape),
      )
    },
    setClass: ({ ids, classId }) => {
      const { annotations, negatives } = host.project.store
      return actOnAnnotations(
        host,
        changeable(host, ids),
        (count) => `Make ${countOf(count)} ${nameOf(classId)}`,
        ({ id, imageId }) => {
          annotations.update(id, { classId })
          negatives.remove(imageId, classId)
        },
      )
    },
    setState: ({ ids, state }) => {
      const { annotations } = host.project.store
      const label = (count: number) => `${verbs[state]} ${countOf(count)}`
      return actOnAnnotations(host, changeable(host, ids), label, ({ id }) => annotations.setState([id], state))
    },
    remove: ({ ids }) => {
      const { annotations } = host.project.store
      const label = (count: number) => `Delete ${countOf(count)}`
      return actOnAnnotations(host, changeable(host, ids), label, ({ id }) => annotations.remove([id]))
    },
    move: ({ ids, by }) =>
      reshape(
        host,
        ids,
        (count) => `Move ${countOf(count)}`,
        (annotation) => moved(annotation, by),
      ),
    duplicate: ({ ids, by }) => {
      const { annotations } = host.project.store
      const originals = ofOneImage(existing(host, ids))
      const { result, change } = actOnImage(host, originals[0].imageId, `Duplicate ${countOf(ids.length)}`, () => {
        const copies = originals.map((original) =>
          annotations.add({ ...copyOf(original), ...moved(original, by), source: 'person' }),
        )
        return { touched: copies, result: copies }
      })
      return { ids: result, change }
    },
    merge: ({ ids }) => {
      const { annotations } = host.project.store
      const [first, ...others] = ofOneImage(changeable(host, ids))
      return actOnImage(host, first.imageId, `Merge ${countOf(ids.length)}`, () => {
        annotations.update(first.id, { ...united([first, ...others]), state: 'accepted' })
        annotations.remove(others.map(({ id }) => id))
        return { touched: ids, result: null }
      }).change
    },
    split: ({ id }) => {
      const { annotations } = host.project.store
      const [whole] = changeable(host, [id])
      const [largest, ...rest] = splitIntoComponents(whole.mask, { connectivity: 8, minimumArea: 1 })
      if (rest.length === 0)
        throw new CribsheetError('argument-invalid', 'The annotation has one part only.', {
          advice: 'Take away what joins its parts, with the eraser, and split it then.',
        })
      const { result, change } = actOnImage(host, whole.imageId, 'Split an annotation', () => {
        annotations.update(id, { ...asMask(largest.mask), state: 'accepted' })
        const parts = rest.map(({ mask }) => annotations.add({ ...copyOf(whole), ...asMask(mask), source: 'person' }))
        return { touched: [id, ...parts], result: [id, ...parts] }
      })
      return { ids: result, change }
    },
    subtract: ({ id, others }) => {
      const { annotations } = host.project.store
      const [from] = changeable(host, [id])
      const [, ...taken] = ofOneImage([from, ...existing(host, others)])
      return actOnImage(host, from.imageId, 'Subtract from an annotation', () => {
        const mask = taken.reduce((left, other) => subtract(left, other.mask), from.mask)
        if (isEmpty(mask)) annotations.remove([id])
        else annotations.update(id, { ...asMask(mask), state: 'accepted' })
        return { touched: [id], result: null }
      }).change
    },
    setOrder: ({ ids, to }) => {
      const { annotations } = host.project.store
      const chosen = ofOneImage(existing(host, ids))
      const positions = annotations.ofImage(chosen[0].imageId).map(({ position }) => position)
      const position = to === 'front' ? Math.max(...positions) + 1 : Math.min(...positions) - 1
      const label = (count: number) => `${to === 'front' ? 'Bring' : 'Send'} ${countOf(count)} to the ${to}`
      return actOnAnnotations(host, chosen, label, (each) => annotations.update(each.id, { position }), same)
    },
    setHidden: ({ ids, hidden }) => {
      const { annotations } = host.project.store
      const label = (count: number) => `${hidden ? 'Hide' : 'Show'} ${countOf(count)}`
      return actOnAnnotations(host, existing(host, ids), label, ({ id }) => annotations.update(id, { hidden }), same)
    },
    setLocked: ({ ids, locked }) => {
      const { annotations } = host.project.store
      const label = (count: number) => `${locked ? 'Lock' : 'Unlock'} ${countOf(count)}`
      return actOnAnnotations(host, existing(host, ids), label, ({ id }) => annotations.update(id, { locked }), same)
    },
    setAttributes: ({ id, attributes, crowd }) => {
      const { annotations } = host.project.store
      return actOnAnnotations(
        host,
        changeable(host, [id]),
        () => 'Change attributes',
        () => annotations.update(id, { attributes, crowd }),
        same,
      )
    },
    setAbsent: ({ imageId, classId, absent }) => {
      const { annotations, negatives } = host.project.store
      const own = annotations.ofImage(imageId, { classId, states: ['draft', 'accepted'] })
      if (absent && own.some(({ state }) => state === 'accepted'))
        throw new CribsheetError('argument-invalid', `There is an annotation of ${nameOf(classId)} in this image.`, {
          advice: 'Delete it first, if the class is not there.',
        })
      const rejected = absent ? own.map(({ id }) => id) : []
      const label = absent ? `No ${nameOf(classId)} here` : `Perhaps ${nameOf(classId)} here`
      return actOnImage(host, imageId, label, () => {
        if (absent) negatives.add(imageId, classId)
        else negatives.remove(imageId, classId)
        annotations.setState(rejected, 'rejected')
        return { touched: rejected, result: null }
      }).change
    },
  }
}

/** Of what leaves every annotation in its class and state. */
const same = { counts: false }

const verbs: Record<Annotation['state'], string> = { accepted: 'Accept', rejected: 'Reject', draft: 'Reopen' }

function countOf(count: number): string {
  return count === 1 ? 'an annotation' : `${count} annotations`
}

/** Gives annotations other masks. A person who corrects a proposal means it. */
function reshape(
  host: Host,
  ids: number[],
  label: (count: number) => string,
  shape: (annotation: Annotation) => Outline,
) {
  const { annotations } = host.project.store
  const reshaped = changeable(host, ids)
  return actOnAnnotations(
    host,
    reshaped,
    label,
    (annotation) => annotations.update(annotation.id, { ...shape(annotation), state: 'accepted' }),
    { counts: reshaped.some(({ state }) => state !== 'accepted') },
  )
}

/** The mask of what was drawn, with the rings where it was drawn as such. @throws CribsheetError mask-invalid, image-missing */
function outline(host: Host, imageId: number, shape: Shape): Outline {
  if (shape.kind === 'mask') return asMask(checkRunLengths(shape.mask.size, shape.mask.counts))
  const { width, height } = found(host.project.store.images.get(imageId), 'The image')
  const { rings, holes = [] } = shape
  const filled = rasterisePolygons(rings, width, height)
  const mask = holes.length === 0 ? filled : subtract(filled, rasterisePolygons(holes, width, height))
  return { mask, polygons: rings, holes }
}

function asMask(mask: Annotation['mask']): Outline {
  return { mask, polygons: null, holes: [] }
}

function moved({ mask, polygons, holes }: Annotation, { x, y }: { x: number; y: number }): Outline {
  const move = (ring: number[]) => ring.map((coordinate, i) => coordinate + ((i & 1) === 0 ? x : y))
  return { mask: translate(mask, x, y), polygons: polygons && polygons.map(move), holes: holes.map(move) }
}

/** Several as one: still polygons where all are, since those unite their rings. */
function united(annotations: Annotation[]): Outline {
  const mask = annotations.map((each) => each.mask).reduce(unite)
  const rings = annotations.map(({ polygons, holes }) => (holes.length === 0 ? polygons : null))
  return rings.includes(null) ? asMask(mask) : { mask, polygons: rings.flatMap((own) => own ?? []), holes: [] }
}

/** What another annotation takes over from one. */
function copyOf({ imageId, classId, crowd, attributes }: Annotation) {
  return { imageId, classId, crowd, attributes }
}

function isEmpty({ counts }: Annotation['mask']): boolean {
  return counts.length < 2
}

/** @throws CribsheetError argument-invalid */
function ofOneImage(annotations: Annotation[]): Annotation[] {
  if (annotations.every(({ imageId }) => imageId === annotations[0].imageId)) return annotations
  throw new CribsheetError('argument-invalid', 'These annotations are not of one image.', {
    advice: 'Choose annotations of one image.',
  })
}
