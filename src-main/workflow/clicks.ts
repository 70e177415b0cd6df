import {
  CribsheetError,
  messageToError,
  type Click,
  type ClickReadiness,
  type Image,
  type RunLengths,
} from '../contract/index.ts'
import type { Project } from '../project/index.ts'
import { clickPool, type ClickRequest } from '../retrieval/without-tensorflow.ts'
import { chosenWeights, requiredWeights } from './choose-weights.ts'
import { currentModel } from './current-model.ts'
import { toEmbeddable } from './embed.ts'
import { FeatureFolder } from './features.ts'

/** Whether objects can be clicked in the image; where they can, the first click is made quick. */
export function prepareClicks(project: Project, image: Image): ClickReadiness {
  if (!chosenWeights(project)) return 'no-weights'
  const source = sourceOf(project, image)
  if (source === null) return 'no-tokens'
  // What goes wrong will be said at the click.
  void clickPool.run({ image: source, wanted: null }).catch(() => undefined)
  return 'ready'
}

/**
 * The object under the clicks, sharp; null where nothing is.
 *
 * @throws CribsheetError weights-not-chosen, not-embedded, image-missing, image-damaged
 */
export function segmentAtClicks(
  project: Project,
  image: Image,
  clicks: Click[],
  reach: number,
): Promise<RunLengths | null> {
  return segment(project, image, { clicks, reach })
}

/**
 * A mask on the token grid, such as a stored object's, brought to the edges in the picture; null where nothing of it is left.
 *
 * @throws CribsheetError as segmentAtClicks
 */
export function sharpenObject(project: Project, image: Image, object: RunLengths): Promise<RunLengths | null> {
  return segment(project, image, { object })
}

async function segment(project: Project, image: Image, wanted: ClickRequest['wanted']): Promise<RunLengths | null> {
  requiredWeights(project)
  const source = sourceOf(project, image)
  if (source === null) throw notEmbedded(image)
  const { mask, problem } = await clickPool.run({ image: source, wanted })
  if (problem === 'unknown') throw notEmbedded(image)
  if (problem) throw messageToError(problem)
  return mask
}

/** Null where the tokens are not there yet. */
function sourceOf(project: Project, image: Image): ClickRequest['image'] | null {
  const model = currentModel(project)
  if (!model) return null
  const features = new FeatureFolder(project.featuresFolder, requiredWeights(project))
  const { file, width, height, content } = toEmbeddable(project, image)
  if (!features.has(model.fingerprint, { content })) return null
  const objects = project.store.objects.ofImage(image.id, model.id).map(({ mask }) => mask)
  const featuresFile = features.featuresFile(model.fingerprint, { content })
  return { file, width, height, featuresFile, basis: model.fingerprint, objects }
}

function notEmbedded({ path }: Image): CribsheetError {
  return new CribsheetError('not-embedded', 'The tokens of this image are not there yet.', {
    file: path,
    advice: 'Wait until they are computed, then click again.',
  })
}
