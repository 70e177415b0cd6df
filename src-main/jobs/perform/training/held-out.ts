import { join } from 'node:path'
import type { TrainingSettings } from '../../../cribo/index.ts'
import type { JobContext } from '../../job.ts'
import type { HeldOutKind, TrainRequest } from '../../train-job.ts'
import type { Weights } from '../../weights-job.ts'
import { networkOf, releaseNetwork } from '../network.ts'
import type { Agreement } from './agreement.ts'
import type { Measured } from './clearly-better.ts'
import { measureByAgreement } from './measure-agreement.ts'
import { measureByLabels } from './measure-labels.ts'

export interface HeldOutFigure extends Measured {
  /** What the figure is made of, by name. */
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
        return fromLabels(await measureByLabels(weights, request, join(request.folder, 'held-out'), context))
      case 'agreement':
        return fromAgreement(await measureByAgreement(networkOf(weights), request, settings, context))
      case null:
        return nothing
    }
  } finally {
    releaseNetwork() // training needs the memory
  }
}

const nothing: HeldOutFigure = { figure: null, samples: [], parts: {} }

/** @param samples of the images */
function fromLabels(samples: readonly number[]): HeldOutFigure {
  return samples.length === 0 ? nothing : { figure: meanOf(samples), samples, parts: {} }
}

/** @param rounds of views */
function fromAgreement(rounds: readonly Agreement[]): HeldOutFigure {
  if (rounds.length === 0) return nothing
  const acrossViews = meanOf(rounds.map((round) => round.acrossViews))
  const across = rounds.flatMap(({ acrossImages }) => acrossImages ?? [])
  const acrossImages = across.length === 0 ? null : meanOf(across)
  const figureOf = (views: number, images: number | null) => (images === null ? views : (views + images) / 2)
  return {
    figure: figureOf(acrossViews, acrossImages),
    samples: rounds.map((round) => figureOf(round.acrossViews, round.acrossImages)),
    parts: { acrossViews, acrossImages },
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
