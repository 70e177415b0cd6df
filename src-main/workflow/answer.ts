import type { Image } from '../contract/index.ts'
import {
  coarseJob,
  propagateJob,
  type CoarseRequest,
  type Engine,
  type ImageObjects,
  type PropagateRequest,
  type ProposedImage,
} from '../jobs/index.ts'
import type { Project } from '../project/index.ts'
import { requiredWeights } from './choose-weights.ts'
import { toEmbeddable, type EmbedSummary } from './embed.ts'
import { FeatureFolder } from './features.ts'
import { labelsOfScope, type Scope } from './labels.ts'
import { sampleOfProject } from './object-sample.ts'
import type { Operation } from './operation.ts'

export interface Question {
  project: Project
  engine: Engine
  scope: Scope
  /** What all images of the scope were embedded with. */
  embedded: Pick<EmbedSummary, 'basis' | 'modelId'>
}

export type AnswerOptions = Operation & { onResult: (image: ProposedImage) => void }

/** Answers image by image. @returns seconds that it took */
export type Answer = (question: Question, options: AnswerOptions) => Promise<number>

/** By the whole recipe. Images without tokens are left out: that they could not be computed was said. */
export const answerByTokens: Answer = async ({ project, engine, scope, embedded }, options) => {
  const features = new FeatureFolder(project.featuresFolder, requiredWeights(project))
  const withFeatures = <Item extends { image: Image }>(items: Item[]) =>
    items
      .map((item) => ({ item, embeddable: toEmbeddable(project, item.image) }))
      .filter(({ embeddable }) => features.has(embedded.basis, embeddable))
      .map(({ item, embeddable }) => ({
        item,
        imageId: embeddable.imageId,
        file: embeddable.file,
        featuresFile: features.featuresFile(embedded.basis, embeddable),
      }))
  const request: PropagateRequest = {
    basis: embedded.basis,
    recipe: null,
    regionClasses: regionClassesOf(scope),
    singleObjects: false,
    objects: sampleOfProject(project, embedded.modelId),
    labelled: withFeatures(labelsOfScope(project, scope)).map(({ item: { regions, ignored }, ...paths }) => {
      return { ...paths, regions, ignored }
    }),
    targets: withFeatures(scope.targets.map((image) => ({ image }))).map(({ imageId, file, featuresFile }) => {
      return { imageId, file, featuresFile, truth: null }
    }),
  }
  const { seconds } = await engine.run(propagateJob, request, options)
  return seconds
}

function regionClassesOf({ classes }: Scope): number[] {
  return classes.filter(({ regions }) => regions).map(({ id }) => id)
}

/** Images whose objects are sent at once. */
const chunkSize = 250

/** The first, coarse answer, by the objects in the store alone. */
export const answerByObjects: Answer = async ({ project, engine, scope, embedded }, options) => {
  const withObjects = ({ id, width, height }: Image): ImageObjects => ({
    ...{ imageId: id, width, height },
    objects: project.store.objects.ofImage(id, embedded.modelId).map(({ mask, embedding }) => ({ mask, embedding })),
  })
  const labelled: CoarseRequest['labelled'] = labelsOfScope(project, scope).map(({ image, ...labels }) => ({
    ...withObjects(image),
    ...labels,
  }))
  let seconds = 0
  for (let start = 0; start < scope.targets.length; start += chunkSize) {
    const targets = scope.targets.slice(start, start + chunkSize).map(withObjects)
    const answer = await engine.run(coarseJob, { regionClasses: regionClassesOf(scope), labelled, targets }, options)
    seconds += answer.seconds
  }
  return seconds
}
