import type { EmbeddedImage, PropagateRequest } from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { evenlySpread, joinEmbeddings } from '../retrieval/without-tensorflow.ts'

type ObjectSample = PropagateRequest['objects']

/** So many stand for all: 64 images' worth, and next to nothing beside the labelled tokens. */
const mostObjects = 2048

/** Objects of the project's images, evenly spread over them; null before there are any. */
export function sampleOfProject({ store }: Project, modelId: number): ObjectSample {
  return joined(store.objects.sample(modelId, mostObjects))
}

/** The same of images that are in no project. */
export function sampleOf(objects: ReadonlyMap<number, EmbeddedImage['objects']>): ObjectSample {
  const all = [...objects].flatMap(([imageId, found]) => found.map(({ embedding }) => ({ imageId, embedding })))
  return joined(evenlySpread(all, mostObjects))
}

function joined(objects: readonly { imageId: number; embedding: Float16Array }[]): ObjectSample {
  if (objects.length === 0) return null
  return { imageIds: objects.map(({ imageId }) => imageId), embeddings: joinEmbeddings(objects) }
}
