import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Annotation } from '../contract/index.ts'
import { suggestJob, type Engine, type SuggestRequest } from '../jobs/index.ts'
import { decodeRunLengths } from '../masks/index.ts'
import type { Project, StoredObject } from '../project/index.ts'
import { coverage, evenlySpread, joinEmbeddings } from '../retrieval/without-tensorflow.ts'
import { currentModel } from './current-model.ts'
import type { Operation } from './operation.ts'

const settingKey = 'suggestions'
const keptSchema = z.object({ basis: z.string(), imageIds: z.array(z.int()) })

/** How many are kept: some of them are labelled or passed over before they are found anew. */
const kept = 12
/** Of more images so many are looked at, evenly spread over the folder; and of their objects. */
const mostImages = 400
const mostObjects = 2048
/** Corrections before these are no longer heard: the labels have changed since. */
const mostCorrections = 100

/** What was found last, the best first. */
export function knownSuggestions({ store }: Project): number[] {
  return store.settings.get(settingKey, keptSchema)?.imageIds ?? []
}

/** Whether neither labels nor objects have changed since. All of them are counted for it. */
export function suggestionsAreCurrent(project: Project): boolean {
  const basis = basisOf(project)
  return basis === null || project.store.settings.get(settingKey, keptSchema)?.basis === basis
}

/** Asks the engine which images to label next, and keeps the answer in the project. Without objects there is none. */
export async function findSuggestions(project: Project, engine: Engine, operation: Operation): Promise<void> {
  const basis = basisOf(project)
  const request = requestOf(project)
  if (basis === null || request === null) return
  // Where all is labelled there is nothing to ask.
  const { imageIds } =
    request.candidates.length > 0 ? await engine.run(suggestJob, request, operation) : { imageIds: [] }
  project.store.settings.set(settingKey, { basis, imageIds })
}

function requestOf(project: Project): SuggestRequest | null {
  const { store } = project
  const model = currentModel(project)
  if (model === null) return null
  const objectsOf = (id: number) => store.objects.ofImage(id, model.id)
  const labelled = store.annotations.labelledImages()
  const known = new Set(labelled)
  const open = [...store.images.each({ usable: true })].map(({ id }) => id).filter((id) => !known.has(id))
  const candidates = evenlySpread(open, mostImages)
    .map((imageId) => ({ imageId, objects: objectsOf(imageId) }))
    .filter(({ objects }) => objects.length > 0)
  const labels = evenlySpread(labelled, mostImages).flatMap(objectsOf)
  const folder = evenlySpread(labels.concat(candidates.flatMap(({ objects }) => objects)), mostObjects)
  return {
    dimensions: folder.at(0)?.embedding.length ?? 1,
    folder: joinEmbeddings(folder),
    labelled: joinEmbeddings(labels),
    corrected: joinEmbeddings(
      store.annotations.corrected(mostCorrections).flatMap((each) => objectsUnder(each, objectsOf)),
    ),
    candidates: candidates.map(({ imageId, objects }) => ({ imageId, embeddings: joinEmbeddings(objects) })),
    count: kept,
  }
}

/** What an answer depends on, as a name; null where no objects are there yet. */
function basisOf(project: Project): string | null {
  const model = currentModel(project)
  if (model === null) return null
  const { store } = project
  const corrected = store.annotations.correctedIds(mostCorrections)
  const known = [model.id, store.objects.count(model.id), store.annotations.labelledImages(), corrected]
  return createHash('sha256').update(JSON.stringify(known)).digest('hex')
}

/** The objects of an image that lie mostly under an annotation. */
function objectsUnder({ imageId, mask }: Annotation, objectsOf: (imageId: number) => StoredObject[]): StoredObject[] {
  return objectsOf(imageId).filter((object) => {
    const [rows, columns] = object.mask.size
    const covered = coverage(mask, { columns, rows })
    let shared = 0
    decodeRunLengths(object.mask).data.forEach((inside, token) => (shared += inside * covered[token]))
    return shared > object.tokens / 2
  })
}
