import { CribsheetError, type Duplicates, type Likeness, type ObjectView } from '../contract/index.ts'
import type { ListedObject, Project } from '../project/index.ts'
import { coverage } from '../retrieval/without-tensorflow.ts'
import { sharpenObject } from './clicks.ts'
import { currentModel } from './current-model.ts'
import { alikeImagePairs, embeddedModel, nearestObjects } from './object-index.ts'

/** A stretch of all objects of the folder, by index. */
export function listObjects(project: Project, offset: number, limit: number): { total: number; objects: ObjectView[] } {
  const model = currentModel(project)
  if (!model) return { total: 0, objects: [] }
  const { objects } = project.store
  return { total: objects.count(model.id), objects: objects.page(model.id, offset, limit).map(view) }
}

/** These, in their order. */
export function listedObjects(project: Project, ids: readonly number[]): ObjectView[] {
  const found = new Map(project.store.objects.list(ids).map((object) => [object.id, object]))
  return ids.flatMap((id) => {
    const object = found.get(id)
    return object ? [view(object)] : []
  })
}

/** @throws CribsheetError not-embedded; argument-invalid where what they are to be like is gone */
export async function similarObjects(project: Project, of: Likeness, count: number): Promise<ObjectView[]> {
  const matches = await nearestObjects(project, embeddingOf(project, of), count)
  const found = new Map(project.store.objects.list(matches.map(({ id }) => id)).map((object) => [object.id, object]))
  return matches.flatMap(({ id, similarity }) => {
    const object = found.get(id)
    return object ? [{ ...view(object), similarity }] : []
  })
}

function view({ id, imageId, path }: ListedObject): ObjectView {
  return { id, imageId, path, similarity: null }
}

function embeddingOf(project: Project, of: Likeness): Float16Array {
  if ('annotationId' in of) return embeddingOfAnnotation(project, of.annotationId)
  const object = project.store.objects.get(of.objectId)
  if (object) return object.embedding
  throw gone('object')
}

/** The mean of the objects under its mask, each by the tokens that it has there, at unit length. */
function embeddingOfAnnotation(project: Project, id: number): Float16Array {
  const annotation = project.store.annotations.get(id)
  if (!annotation) throw gone('annotation')
  const objects = project.store.objects.ofImage(annotation.imageId, embeddedModel(project).id)
  if (objects.length === 0) {
    throw new CribsheetError('not-embedded', 'The tokens of its image are not there yet.', {
      advice: 'Wait until they are computed.',
    })
  }
  const [rows, columns] = objects[0].mask.size
  const covered = coverage(annotation.mask, { columns, rows })
  const sum = new Float32Array(objects[0].embedding.length)
  for (const { mask, embedding } of objects) {
    const shared = coverage(mask, { columns, rows }).reduce((total, share, cell) => total + share * covered[cell], 0)
    for (let i = 0; i < sum.length; i++) sum[i] += shared * embedding[i]
  }
  const length = Math.hypot(...sum) || 1
  return Float16Array.from(sum, (value) => value / length)
}

function gone(what: string): CribsheetError {
  return new CribsheetError('argument-invalid', `The ${what} is no longer there.`, {
    advice: 'Look at the list again.',
  })
}

/**
 * Makes annotations of objects, brought to the edges in the picture, as a person's: one step of undo for each image.
 *
 * @returns the ids of the annotations by image
 * @throws CribsheetError class-unknown, not-embedded, image-*
 */
export async function annotateObjects(
  project: Project,
  objectIds: readonly number[],
  classId: number,
): Promise<Map<number, number[]>> {
  const { store } = project
  const name = store.classes.get(classId)?.name ?? 'objects'
  const objects = objectIds.flatMap((id) => store.objects.get(id) ?? [])
  const made = new Map<number, number[]>()
  for (const [imageId, ofImage] of Map.groupBy(objects, (object) => object.imageId)) {
    const image = store.images.get(imageId)
    if (!image) continue
    const masks = await Promise.all(ofImage.map(({ mask }) => sharpenObject(project, image, mask)))
    const there = masks.filter((mask) => mask !== null)
    if (there.length === 0) continue
    const add = () => there.map((mask) => store.annotations.add({ imageId, classId, mask, source: 'person' }))
    made.set(imageId, store.history.record(`Make ${there.length} of the objects ${name}`, add, imageId))
  }
  return made
}

/** Images whose objects' mean is as alike as this hardly differ. */
const hardlyDifferent = 0.98

/** Images of one content, and ones that hardly differ; the largest groups first. */
export async function findDuplicates(project: Project): Promise<Duplicates[]> {
  const images = [...project.store.images.each({ usable: true })]
  const paths = new Map(images.map(({ id, path }) => [id, path]))
  const listed = (ids: readonly number[]) => ids.map((id) => ({ id, path: paths.get(id) ?? '' }))
  const same = [...Map.groupBy(images, ({ hash }) => hash).values()].filter((group) => group.length > 1)
  const copies = new Set(same.flatMap((group) => group.slice(1).map(({ id }) => id)))
  const pairs = currentModel(project) ? await alikeImagePairs(project, hardlyDifferent) : []
  const different = pairs.filter(({ first, second }) => [first, second].every((id) => paths.has(id) && !copies.has(id)))
  return [
    ...same.map((group) => ({ same: true, similarity: 1, images: listed(group.map(({ id }) => id)) })),
    ...groupsOf(different).map(({ ids, similarity }) => ({ same: false, similarity, images: listed(ids) })),
  ].sort((a, b) => Number(b.same) - Number(a.same) || b.images.length - a.images.length)
}

/** What hangs together by pairs. */
function groupsOf(
  pairs: readonly { first: number; second: number; similarity: number }[],
): { ids: number[]; similarity: number }[] {
  const groupOf = new Map<number, { ids: number[]; similarity: number }>()
  for (const { first, second, similarity } of pairs) {
    const a = groupOf.get(first) ?? { ids: [first], similarity: 1 }
    const b = groupOf.get(second) ?? { ids: [second], similarity: 1 }
    const ids = a === b ? a.ids : [...a.ids, ...b.ids]
    const joined = { ids, similarity: Math.min(a.similarity, b.similarity, similarity) }
    for (const id of ids) groupOf.set(id, joined)
  }
  return [...new Set(groupOf.values())].map(({ ids, similarity }) => ({
    ids: ids.toSorted((a, b) => a - b),
    similarity,
  }))
}
