import { messageToError } from '../contract/index.ts'
import { bestFeatures, type EmbeddedImage, type Engine } from '../jobs/index.ts'
import type { EvaluationImage } from './evaluation-set.ts'
import type { FeatureFolder } from './features.ts'
import type { Operation } from './operation.ts'

/** The tokens of an evaluation set, on the disk, and the objects of each image. */
export interface EmbeddedSet {
  basis: string
  place: FeatureFolder
  objects: ReadonlyMap<number, EmbeddedImage['objects']>
}

/** By the features that measured best. @throws CribsheetError where an image cannot be read */
export async function embedSet(
  engine: Engine,
  place: FeatureFolder,
  images: EvaluationImage[],
  operation: Operation,
): Promise<EmbeddedSet> {
  const { basis } = await place.findBasis(engine, bestFeatures, images, operation)
  const objects = new Map<number, EmbeddedImage['objects']>()
  await place.compute(engine, basis, images, {
    ...operation,
    onResult: ({ imageId, objects: found, problem }) => {
      if (problem) throw messageToError(problem)
      objects.set(imageId, found)
    },
  })
  return { basis, place, objects }
}

/** An image as a propagation takes it. */
export function pathsOf({ imageId, file, content }: EvaluationImage, { basis, place }: EmbeddedSet) {
  return { imageId, file, featuresFile: place.featuresFile(basis, { content }) }
}
