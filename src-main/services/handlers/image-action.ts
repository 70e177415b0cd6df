import { CribsheetError, type Annotation, type ImageChange } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

/** Of an action that changes how many annotations of which class and state there are: lists and totals are out of date. */
interface Reach {
  counts?: boolean
}

/**
 * One action of a person on an image: a step of its undo, on the disk when this returns. Pages are told.
 *
 * @param work returns what is told to the page that asked, beside the ids of the annotations that it touched
 */
export function actOnImage<Result>(
  host: Host,
  imageId: number,
  label: string,
  work: () => { touched: number[]; result: Result },
  reach: Reach = {},
): { result: Result; change: ImageChange } {
  const { history, revisions } = host.project.store
  const from = revisions.of(imageId)
  const { touched, result } = history.record(label, work, imageId)
  tell(host, [imageId], reach)
  return { result, change: describeChange(host, imageId, from, touched) }
}

/**
 * One action on annotations. Where they lie on several images it is a step in each one's history, and the answer is null: a page
 * shows one image.
 */
export function actOnAnnotations(
  host: Host,
  annotations: Annotation[],
  label: (count: number) => string,
  work: (annotation: Annotation) => unknown,
  reach: Reach = {},
): ImageChange | null {
  const byImage = [...Map.groupBy(annotations, ({ imageId }) => imageId)]
  if (byImage.length === 1) {
    const touched = annotations.map(({ id }) => id)
    const act = () => {
      annotations.forEach(work)
      return { touched, result: null }
    }
    return actOnImage(host, byImage[0][0], label(touched.length), act, reach).change
  }
  const { store } = host.project
  store.transaction(() => {
    for (const [imageId, own] of byImage) store.history.record(label(own.length), () => own.forEach(work), imageId)
  })
  tell(
    host,
    byImage.map(([imageId]) => imageId),
    reach,
  )
  return null
}

function describeChange(host: Host, imageId: number, from: number, touched: number[]): ImageChange {
  const { annotations, history, revisions, negatives } = host.project.store
  // What is rejected is not shown.
  const changed = touched.flatMap((id) => annotations.get(id) ?? []).filter(({ state }) => state !== 'rejected')
  const there = new Set(changed.map(({ id }) => id))
  return {
    ...{ imageId, from, revision: revisions.of(imageId), changed, removed: touched.filter((id) => !there.has(id)) },
    ...{ absentClasses: negatives.ofImage(imageId), history: history.next(imageId) },
  }
}

/** @throws CribsheetError argument-invalid where one is gone */
export function existing(host: Host, ids: readonly number[]): Annotation[] {
  return ids.map((id) => found(host.project.store.annotations.get(id), 'The annotation'))
}

/** @throws CribsheetError as existing; annotation-locked */
export function changeable(host: Host, ids: readonly number[]): Annotation[] {
  const annotations = existing(host, ids)
  if (annotations.some(({ locked }) => locked))
    throw new CribsheetError(
      'annotation-locked',
      annotations.length === 1 ? 'The annotation is locked.' : 'One of the annotations is locked.',
      { advice: 'Unlock it first, in the list of what is in the image.' },
    )
  return annotations
}

function tell(host: Host, imageIds: number[], { counts = true }: Reach): void {
  if (counts) emitAnnotations(host, imageIds)
  else for (const imageId of imageIds) host.emit({ type: 'annotations-changed', imageId })
}

export function emitAnnotations(host: Host, imageIds: number[]): void {
  for (const imageId of imageIds) host.emit({ type: 'annotations-changed', imageId })
  host.emit({ type: 'images-changed' })
  host.emit({ type: 'classes-changed' })
  host.emitProject()
}
