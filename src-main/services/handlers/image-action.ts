import { CribsheetError, type Annotation, type ImageChange } from '../../contract/index.ts'
import type { Host } from '../host.ts'
import { found } from '../job-plans.ts'

/**
 * One action of a person on an image: a step of its undo, on the disk when this returns. Pages are told.
 *
 * @param work returns what is told to the page that asked, beside the ids of the annotations that it touched
 * @param counts how many annotations of which class and state there are changes too: lists and totals are out of date
 */
export function actOnImage<Result>(
  host: Host,
  imageId: number,
  label: string,
  work: () => { touched: number[]; result: Result },
  { counts = true } = {},
): { result: Result; change: ImageChange } {
  const { annotations, history, revisions, negatives } = host.project.store
  const from = revisions.of(imageId)
  const { touched, result } = history.record(label, work, imageId)
  if (counts) emitAnnotations(host, [imageId])
  else host.emit({ type: 'annotations-changed', imageId })
  const changed = touched.flatMap((id) => annotations.get(id) ?? []).filter(({ state }) => state !== 'rejected')
  const there = new Set(changed.map(({ id }) => id))
  const change = {
    ...{ imageId, from, revision: revisions.of(imageId), changed, removed: touched.filter((id) => !there.has(id)) },
    ...{ absentClasses: negatives.ofImage(imageId), history: history.next(imageId) },
  }
  return { result, change }
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
  { counts = true } = {},
): ImageChange | null {
  const byImage = [...Map.groupBy(annotations, ({ imageId }) => imageId)]
  const changes = host.project.store.transaction(() =>
    byImage.map(([imageId, own]) =>
      actOnImage(
        host,
        imageId,
        label(own.length),
        () => {
          own.forEach(work)
          return { touched: own.map(({ id }) => id), result: null }
        },
        { counts },
      ),
    ),
  )
  return changes.length === 1 ? changes[0].change : null
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

export function emitAnnotations(host: Host, imageIds: number[]): void {
  for (const imageId of imageIds) host.emit({ type: 'annotations-changed', imageId })
  host.emit({ type: 'images-changed' })
  host.emit({ type: 'classes-changed' })
  host.emitProject()
}
