import { join } from 'node:path'
import type { TrainingSettings } from '../../../cribo/index.ts'
import type { JobContext } from '../../job.ts'
import type { HeldOutKind, TrainRequest } from '../../train-job.ts'
import type { Weights } from '../../weights-job.ts'
import { networkOf, releaseNetwork } from '../network.ts'
import { measureByAgreement } from './measure-agreement.ts'
import { measureByLabels } from './measure-labels.ts'

export interface HeldOutFigure {
  /** The larger the better; null where it could not be measured. */
  figure: number | null
  /** What it is made of, by name. */
  parts: Record<string, number | null>
}

/** By labels where there are enough, as a person will use the weights; else by agreement, where an image is held out. */
export function kindOf({ labelled, heldOut }: Pick<TrainRequest, 'labelled' | 'heldOut'>): HeldOutKind {
  if (labelled.length >= 2) return 'labels'
  return heldOut.length > 0 ? 'agreement' : null
}

/** Retrieval with these weights, on what is not trained on. */
export async function measureHeldOut(
  weights: Weights,
  request: TrainRequest,
  settings: TrainingSettings,
  context: JobContext<unknown>,
): Promise<HeldOutFigure> {
  try {
    switch (kindOf(request)) {
      case 'labels':
        return { figure: await measureByLabels(weights, request, join(request.folder, 'held-out'), context), parts: {} }
      case 'agreement':
        return fromAgreement(await measureByAgreement(networkOf(weights), request, settings, context))
      case null:
        return { figure: null, parts: {} }
    }
  } finally {
    releaseNetwork() // training needs the memory
  }
}

function fromAgreement(agreement: Awaited<ReturnType<typeof measureByAgreement>>): HeldOutFigure {
  if (!agreement) return { figure: null, parts: {} }
  const { acrossViews, acrossImages } = agreement
  const figure = acrossImages === null ? acrossViews : (acrossViews + acrossImages) / 2
  return { figure, parts: { acrossViews, acrossImages } }
}
