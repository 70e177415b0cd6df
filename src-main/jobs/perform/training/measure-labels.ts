import { rmSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { evenlySpread } from '../../../retrieval/index.ts'
import { bestFeatures } from '../../basis-job.ts'
import type { EmbeddedImage } from '../../embed-job.ts'
import type { JobContext } from '../../job.ts'
import type { TrainingImage, TrainRequest } from '../../train-job.ts'
import type { Weights } from '../../weights-job.ts'
import { performBasis } from '../basis.ts'
import { performEmbed } from '../embed.ts'
import { performPropagate } from '../propagate.ts'

/** Besides the labelled ones, what a basis is fitted on: a folder's mean changes little with more. */
const basisImages = 16

/**
 * The IoU of each labelled image when it is predicted from the others (leave one out), by the jobs that `propagate` uses.
 *
 * @param folder for the tokens, which are deleted in the end
 * @returns one figure for each image that shows an object; none where fewer than two labelled images can be read
 */
export async function measureByLabels(
  weights: Weights,
  { labelled, images }: Pick<TrainRequest, 'labelled' | 'images'>,
  folder: string,
  context: JobContext<unknown>,
): Promise<number[]> {
  const basisFile = join(folder, 'basis.safetensors')
  const featuresFile = ({ imageId }: TrainingImage) => join(folder, `${imageId}.safetensors`)
  mkdirSync(folder, { recursive: true })
  try {
    const sample = [...labelled, ...evenlySpread(images, basisImages)]
    const quiet = withoutResults<never>(context)
    const { basis } = await performBasis({ weights, options: bestFeatures, basisFile, images: sample }, quiet)
    const unreadable = new Set<number>()
    const embedded: JobContext<EmbeddedImage> = {
      ...context,
      result: ({ imageId, problem }) => {
        if (problem) unreadable.add(imageId)
        return Promise.resolve()
      },
    }
    const withFiles = labelled.map((image) => ({ ...image, featuresFile: featuresFile(image) }))
    await performEmbed({ weights, basisFile, images: withFiles }, embedded)
    const usable = withFiles.filter(({ imageId }) => !unreadable.has(imageId))
    return await leaveOneOut(usable, basis, context)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Labelled = TrainRequest['labelled'][number] & { featuresFile: string }

async function leaveOneOut(labelled: Labelled[], basis: string, context: JobContext<unknown>): Promise<number[]> {
  if (labelled.length < 2) return []
  const figures: number[] = []
  for (const left of labelled) {
    const { imageId, file, featuresFile, regions, ignored } = left
    const request = {
      ...{ basis, recipe: null, regionClasses: [], singleObjects: false, objects: null },
      labelled: labelled.filter((image) => image !== left),
      targets: [{ imageId, file, featuresFile, truth: { regions, ignored } }],
    }
    const { quality } = await performPropagate(request, withoutResults(context))
    if (quality) figures.push(quality.meanIou)
  }
  return figures
}

function withoutResults<Result>(context: JobContext<unknown>): JobContext<Result> {
  return { ...context, result: () => Promise.resolve() }
}
