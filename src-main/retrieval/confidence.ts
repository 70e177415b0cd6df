import type { ComponentEvidence } from './component-evidence.ts'
import { logit, sigmoid } from './logistic.ts'

/** Fitted by scripts/fit-confidence.ts on proposals of the product itself; docs/confidence.md has how, and what else was tried. */
const coefficients = { intercept: 0.261, softIou: 1.14, stability: 0.35 }

/** Evidence nearer to 0 or 1 than this says no more. */
export const evidenceMargin = 0.02

/** How probable it is that a component fits the truth with an IoU of at least 0.75, if its class is in the image. */
export function confidence({ softIou, stability }: ComponentEvidence): number {
  const { intercept, ...weights } = coefficients
  return sigmoid(
    intercept + weights.softIou * logit(softIou, evidenceMargin) + weights.stability * logit(stability, evidenceMargin),
  )
}
