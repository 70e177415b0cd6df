import { searchJob, type Engine } from '../jobs/index.ts'
import type { Project, StoredObject } from '../project/index.ts'
import type { Operation } from './operation.ts'

export interface Match {
  object: StoredObject
  /** Cosine. */
  similarity: number
}

/** An object and those of other images that are most like it. */
export interface MatchedObject {
  object: StoredObject
  /** The most alike first. */
  neighbours: Match[]
  /** The way back from the first neighbour to the objects of all queries ends at this one. */
  consistent: boolean
}

/**
 * For each object of the queries its nearest neighbours among the objects of all other images, and whether the match is cycle-consistent,
 * as in training: of the objects of the queries (there, of the batch) in other images than the neighbour's, the one nearest to the
 * neighbour is the object itself.
 *
 * @param queries objects of some images, by the model
 */
export async function findMatches(
  project: Project,
  engine: Engine,
  { queries, modelId, count }: { queries: readonly StoredObject[]; modelId: number; count: number },
  operation: Operation,
): Promise<MatchedObject[]> {
  if (queries.length === 0) return []
  const found = await searchOthers(project, engine, { queries, modelId, count }, operation)
  const first = found.flatMap((neighbours) => neighbours.slice(0, 1).map(({ object }) => object))
  const back = await searchBack(engine, first, queries, operation)
  return found.map((neighbours, i) => {
    const nearest = neighbours.at(0)
    return {
      object: queries[i],
      neighbours,
      consistent: nearest !== undefined && back.get(nearest.object.id) === queries[i].id,
    }
  })
}

/** Of each query the nearest objects of other images: so many more are asked for that its own image's can be left out. */
async function searchOthers(
  project: Project,
  engine: Engine,
  { queries, modelId, count }: { queries: readonly StoredObject[]; modelId: number; count: number },
  operation: Operation,
): Promise<Match[][]> {
  const dimensions = queries[0].embedding.length
  const enough = count + mostOfOneImage(queries)
  let best: { id: number; imageId: number; similarity: number }[][] = queries.map(() => [])
  for (const { ids, imageIds, embeddings } of project.store.objects.chunks(modelId)) {
    const request = { dimensions, queries: embeddingsOf(queries), objects: { ids, embeddings }, count: enough }
    const { matches } = await engine.run(searchJob, request, operation)
    const imageOf = new Map(ids.map((id, i) => [id, imageIds[i]]))
    best = best.map((earlier, i) => {
      const more = matches[i].map((match) => ({ ...match, imageId: imageOf.get(match.id) ?? 0 }))
      const others = more.filter(({ imageId }) => imageId !== queries[i].imageId)
      return [...earlier, ...others].sort((a, b) => b.similarity - a.similarity).slice(0, count)
    })
  }
  return best.map((matches) =>
    matches.flatMap(({ id, similarity }) => {
      const object = project.store.objects.get(id)
      return object ? [{ object, similarity }] : []
    }),
  )
}

/** Of each of these objects the query of another image that is nearest to it, by id: an image's own objects are no match here either. */
async function searchBack(
  engine: Engine,
  from: readonly StoredObject[],
  queries: readonly StoredObject[],
  operation: Operation,
): Promise<Map<number, number>> {
  if (from.length === 0) return new Map()
  const objects = { ids: queries.map(({ id }) => id), embeddings: embeddingsOf(queries) }
  const dimensions = from[0].embedding.length
  const request = { dimensions, queries: embeddingsOf(from), objects, count: 1 + mostOfOneImage(queries) }
  const { matches } = await engine.run(searchJob, request, operation)
  const imageOf = new Map(queries.map(({ id, imageId }) => [id, imageId]))
  return new Map(
    from.flatMap(({ id, imageId }, i) => {
      const nearest = matches[i].find((match) => imageOf.get(match.id) !== imageId)
      return nearest ? [[id, nearest.id] as const] : []
    }),
  )
}

function mostOfOneImage(objects: readonly StoredObject[]): number {
  return Math.max(...[...Map.groupBy(objects, ({ imageId }) => imageId).values()].map((own) => own.length))
}

function embeddingsOf(objects: readonly StoredObject[]): Float16Array {
  const dimensions = objects[0].embedding.length
  const embeddings = new Float16Array(objects.length * dimensions)
  objects.forEach(({ embedding }, i) => embeddings.set(embedding, i * dimensions))
  return embeddings
}
