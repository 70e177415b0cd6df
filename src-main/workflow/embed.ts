import { rm } from 'node:fs/promises'
import type { z } from 'zod'
import type { Image } from '../contract/index.ts'
import { bestFeatures, type BasisSummary, type EmbeddedImage, type Engine } from '../jobs/index.ts'
import type { Model, Project } from '../project/index.ts'
import { WriteBatch } from './batch.ts'
import { chooseWeights, requiredWeights, type WeightsChoice } from './choose-weights.ts'
import { modelDetailsSchema } from './current-model.ts'
import { FeatureFolder, type EmbeddableImage } from './features.ts'
import type { Operation } from './operation.ts'
import { objectsPerImage as chosenObjectsPerImage, setObjectsPerImage } from './project-settings.ts'

export interface EmbedOptions extends Operation {
  /** Clusters that each image's tokens are divided into; from then on the project's choice. */
  objectsPerImage?: number
  /** Only these; all images of the folder where it is left out. */
  imageIds?: ReadonlySet<number>
}

/** An image that was passed over, and why. */
export interface ImageProblem {
  path: string
  code: string
  message: string
}

export interface EmbedSummary {
  /** The architecture. */
  model: string
  /** The store's. */
  modelId: number
  /** The fingerprint of what the features are measured against. */
  basis: string
  /** Images whose tokens and objects were computed now. */
  embedded: number
  /** Images that had theirs already. */
  current: number
  objects: number
  problems: ImageProblem[]
  seconds: number
}

/** Computes tokens and objects of all images that have none by the chosen weights. A second run does only what is missing. */
export async function embed(
  project: Project,
  engine: Engine,
  { objectsPerImage, imageIds, ...operation }: EmbedOptions = {},
): Promise<EmbedSummary> {
  const { store } = project
  // Read once more: the file may hold other weights by now.
  const weights = await chooseWeights(project, engine, requiredWeights(project).weights, operation)
  if (objectsPerImage !== undefined) setObjectsPerImage(project, objectsPerImage)
  const options = { ...bestFeatures, objectsPerImage: chosenObjectsPerImage(project) }

  const features = new FeatureFolder(project.featuresFolder, weights)
  const images = [...store.images.each({ readable: true })].map((image) => toEmbeddable(project, image))
  const basis = await features.findBasis(engine, options, images, operation)
  const model = registerModel(project, weights, basis)

  const wanted = imageIds ? images.filter(({ imageId }) => imageIds.has(imageId)) : images
  const withoutObjects = imagesWithoutObjects(project, model)
  const missing = wanted.filter((image) => withoutObjects.has(image.imageId) || !features.has(basis.basis, image))
  const problems: ImageProblem[] = []
  const batch = new WriteBatch(project)
  const onResult = ({ imageId, objects, problem }: EmbeddedImage) => {
    if (problem) problems.push(noteProblem(project, imageId, problem))
    else batch.add(() => store.objects.replace(imageId, model.id, objects))
  }
  let seconds: number
  try {
    seconds = await features.compute(engine, basis.basis, missing, { ...operation, onResult })
  } finally {
    batch.commit()
  }
  await dropOutgrown(project, features, model)
  return {
    model: weights.model.architecture,
    modelId: model.id,
    basis: basis.basis,
    embedded: missing.length - problems.length,
    current: wanted.length - missing.length,
    objects: store.objects.count(model.id),
    problems,
    seconds,
  }
}

export function toEmbeddable(project: Project, image: Image): EmbeddableImage {
  const { id: imageId, width, height, hash: content } = image
  return { imageId, file: project.fileOf(image), width, height, content }
}

type Problem = NonNullable<EmbeddedImage['problem']>

/** Objects are comparable where network, settings and basis are the same, and the basis' fingerprint stands for all three. */
function registerModel(project: Project, { weights, model }: WeightsChoice, basis: BasisSummary): Model {
  const details: z.infer<typeof modelDetailsSchema> = { network: model.fingerprint }
  return project.store.models.register({
    fingerprint: basis.basis,
    name: model.architecture,
    details: { ...details, weights, settings: basis.settings },
  })
}

function imagesWithoutObjects(project: Project, model: Model): Set<number> {
  const without = new Set<number>()
  for (let after = 0; ;) {
    const page = project.store.objects.imagesWithout(model.id, { after, limit: 1000 })
    page.forEach((id) => without.add(id))
    const last = page.at(-1)
    if (last === undefined) return without
    after = last
  }
}

/** What a person can mend without changing the file is tried again the next time. */
const passing: ReadonlySet<string> = new Set(['image-missing', 'image-unreadable'])

function noteProblem(project: Project, imageId: number, problem: Problem): ImageProblem {
  const { code, message } = problem
  if (!passing.has(code)) project.store.images.setProblem(imageId, { code, message })
  return toProblem(project, imageId, problem)
}

/** A problem of the engine with an image, for a person. */
export function toProblem(project: Project, imageId: number, { code, message }: Problem): ImageProblem {
  return { path: project.store.images.get(imageId)?.path ?? '', code, message }
}

/** Removes what the same network made with an earlier basis: nothing compares with it any more. */
async function dropOutgrown(project: Project, features: FeatureFolder, current: Model): Promise<void> {
  const { models } = project.store
  const network = modelDetailsSchema.safeParse(current.details).data?.network
  for (const model of models.all()) {
    const isOutgrown = model.id !== current.id && modelDetailsSchema.safeParse(model.details).data?.network === network
    if (!isOutgrown) continue
    await rm(features.folderOf(model.fingerprint), { recursive: true, force: true })
    models.remove(model.id)
  }
}
