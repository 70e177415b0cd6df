import type { Confidence } from '../jobs/index.ts'
import {
  acceptedFrom,
  areaUnderRoc,
  expectedCalibrationError,
  isRight,
  riskCoverage,
  spearman,
  type RiskCoverage,
} from '../retrieval/without-tensorflow.ts'
import type { EvaluationSet } from './evaluation-set.ts'
import { mean } from './statistics.ts'

/** How much the scores of proposals and the presence of classes are worth. A figure is null where nothing tells it. */
export interface ConfidenceQuality {
  proposals: number
  /** The share of the proposals that are right: IoU with the truth of at least 0.75. */
  right: number | null
  /** Rank correlation of the score with the true IoU. */
  spearman: number | null
  calibrationError: number | null
  /** Risk: the share of wrong ones. */
  riskCoverage: { area: number | null; curve: RiskCoverage['curve'] }
  /** All proposals with at least this score: their share, and the share of them that are right. */
  acceptedFrom: { score: number; accepted: number | null; right: number | null }
  /** Whether a class is in an image: area under the ROC curve. */
  presence: { auroc: number | null; perClass: Record<string, number> }
}

const acceptedScore = 0.9

/** @param draws scores are pooled over them; presence is compared within each, and averaged */
export function summariseConfidence(
  draws: readonly Confidence[],
  classes: EvaluationSet['classes'],
): ConfidenceQuality {
  const scored = draws.flatMap(({ proposals }) => proposals)
  const { area, curve } = riskCoverage(scored)
  const { accepted, right } = acceptedFrom(acceptedScore, scored)
  const perClass = presenceByClass(draws, classes)
  return {
    proposals: scored.length,
    right: known(mean(scored.map(({ iou }) => Number(isRight(iou))))),
    spearman: known(
      spearman(
        scored.map(({ score }) => score),
        scored.map(({ iou }) => iou),
      ),
    ),
    calibrationError: known(expectedCalibrationError(scored)),
    riskCoverage: { area: known(area), curve },
    acceptedFrom: { score: acceptedScore, accepted: known(accepted), right },
    presence: { auroc: known(mean(Object.values(perClass))), perClass },
  }
}

/** The mean over the draws in whose test images a class is here and missing there. */
function presenceByClass(draws: readonly Confidence[], classes: EvaluationSet['classes']): Record<string, number> {
  const figures = classes.flatMap(({ id, name }) => {
    const areas = draws.flatMap(({ presence }) => {
      const ofClass = presence.filter(({ classId }) => classId === id)
      const probabilities = (isPresent: boolean) =>
        ofClass.filter((each) => each.isPresent === isPresent).map(({ probability }) => probability)
      const area = areaUnderRoc(probabilities(true), probabilities(false))
      return Number.isNaN(area) ? [] : [area]
    })
    return areas.length > 0 ? [[name, mean(areas)] as const] : []
  })
  return Object.fromEntries(figures)
}

function known(figure: number): number | null {
  return Number.isNaN(figure) ? null : figure
}
