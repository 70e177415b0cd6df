import { rmSync } from 'node:fs'
import { CribsheetError, errorToMessage } from '../../contract/index.ts'
import { decodeImage, decodeResized, type RgbImage } from '../../images/index.ts'
import {
  ablations,
  defaultPropagationSettings,
  Propagation,
  readFeatures,
  workSize,
  type ImageFeatures,
  type PropagationSettings,
  type QueuedTarget,
} from '../../retrieval/index.ts'
import type { Performer } from '../job.ts'
import { ProgressMeter } from '../progress-meter.ts'
import type { propagateJob, PropagateRequest } from '../propagate-job.ts'
import { ConfidenceMeasure } from './confidence-measure.ts'
import { InstanceMeasure } from './instance-measure.ts'
import { TruthMeasure } from './truth-measure.ts'

type Target = PropagateRequest['targets'][number]

/** Between two blocks results are measured, which is not to count as time of the propagation. */
const blockSize = 32

/** From here on an image is decoded at a reduced size, still larger than what the recipe works on. */
const muchLarger = 4

export const performPropagate: Performer<typeof propagateJob> = async (request, context) => {
  const settings = settingsOf(request.recipe)
  const measure = new TruthMeasure(request)
  const confidence = new ConfidenceMeasure(request)
  const instances = new InstanceMeasure(request)
  const meter = new ProgressMeter('Propagating', request.targets.length, context.onProgress)
  const labelled = request.labelled.map(({ featuresFile, ...labels }) => {
    const readFeatures = () => existingFeatures(featuresFile, request.basis)
    const { width, height } = readFeatures()
    return { ...labels, width, height, readFeatures }
  })
  const propagation = new Propagation(labelled, settings, request.regionClasses, request.objects)
  let seconds = 0
  try {
    for (const block of blocks(request.targets, blockSize)) {
      const begun = performance.now()
      const queue = block.map((target) => queued(target, request.basis, settings.workSide))
      for await (const { imageId, image, problem } of propagation.propagateAll(queue, context)) {
        if (problem) await context.result({ imageId, proposals: [], problem: errorToMessage(problem) })
        else {
          await context.result({ imageId, proposals: image.proposals, problem: null })
          measure.keep(imageId, image.classMap)
          confidence.keep(imageId, image)
          instances.add(imageId, image.proposals)
        }
        meter.advance()
        await context.breathe()
      }
      seconds += (performance.now() - begun) / 1000
      measure.add(propagation.classIds)
      confidence.add()
    }
  } finally {
    propagation.dispose()
  }
  return {
    seconds,
    quality: measure.result(),
    confidence: confidence.result(),
    instances: instances.result(),
  }
}

function settingsOf(recipe: string | null): PropagationSettings {
  if (recipe === null) return defaultPropagationSettings
  const found = ablations.find(({ name }) => name === recipe)
  if (!found) throw new RangeError(`There is no recipe "${recipe}".`)
  return found.settings
}

function* blocks<Item>(items: Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

function queued({ imageId, file, featuresFile }: Target, basis: string, workSide: number): QueuedTarget {
  const load = async () => {
    const features = existingFeatures(featuresFile, basis)
    return { features, pixels: await decodeForWork(file, features, workSide) }
  }
  return { imageId, load }
}

async function decodeForWork(file: string, features: ImageFeatures, workSide: number): Promise<RgbImage> {
  const isMuchLarger = Math.max(features.width, features.height) >= muchLarger * workSide
  return isMuchLarger ? decodeResized(file, workSize(features, 2 * workSide)) : decodeImage(file)
}

/** @throws CribsheetError not-embedded; what is damaged is deleted, so that it counts as missing from then on */
function existingFeatures(file: string, basis: string): ImageFeatures {
  const features = readFeatures(file, basis)
  if (features) return features
  rmSync(file, { force: true })
  throw new CribsheetError('not-embedded', 'The tokens of an image are missing or damaged.', {
    file,
    advice: 'Run it again: they are then computed anew.',
  })
}
