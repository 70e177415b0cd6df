/** A proposal's score, and how well it fits the truth. */
export interface ScoredIou {
  /** 0 to 1: how probable it is that the proposal is right. */
  score: number
  /** 0 to 1. */
  iou: number
}

/** From here on a proposal is right. */
export const rightFrom = 0.75

/** Equally wide parts of the scale of scores, each of which is held against what was right in it. */
const bins = 10

/** Pearson's correlation of the ranks, -1 to 1; equal values share the mean of their ranks. NaN where either is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const middle = (a.length + 1) / 2
  let [xy, xx, yy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - middle) * (y[i] - middle)
    xx += (x[i] - middle) ** 2
    yy += (y[i] - middle) ** 2
  }
  return xy / Math.sqrt(xx * yy)
}

/** From 1, the smallest first. */
function ranks(values: readonly number[]): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b])
  const result = new Float64Array(values.length)
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]] === values[order[start]]) end++
    for (let k = start; k < end; k++) result[order[k]] = (start + 1 + end) / 2
  }
  return result
}

/**
 * The expected calibration error (Naeini et al., AAAI 2015), 0 to 1: how far the mean score of a bin lies from the share of right ones in
 * it, the mean over all proposals. NaN for none.
 */
export function expectedCalibrationError(scored: readonly ScoredIou[]): number {
  const sums = Array.from({ length: bins }, () => 0)
  for (const { score, iou } of scored)
    sums[Math.min(bins - 1, Math.floor(score * bins))] += score - Number(isRight(iou))
  return sums.reduce((sum, difference) => sum + Math.abs(difference), 0) / scored.length
}

/** The area under the risk-coverage curve, and the curve. */
export interface RiskCoverage {
  /** The mean risk over all coverages. NaN for no proposals. */
  area: number
  /** The share of wrong ones among the most certain `coverage` of all proposals. */
  curve: { coverage: number; risk: number }[]
}

/** @param points of the curve, evenly spread; its last is at a coverage of 1 */
export function riskCoverage(scored: readonly ScoredIou[], points = 20): RiskCoverage {
  const wrong = wrongAmongMostCertain(scored)
  let area = 0
  for (let count = 1; count <= scored.length; count++) area += wrong[count] / count / scored.length
  const steps = Math.min(points, scored.length)
  const curve = Array.from({ length: steps }, (_, step) => {
    const count = Math.round(((step + 1) * scored.length) / steps)
    return { coverage: count / scored.length, risk: wrong[count] / count }
  })
  return { area: scored.length > 0 ? area : NaN, curve }
}

/** At n: how many of the n most certain are wrong. Of equally certain ones each is as wrong as they are on average. */
function wrongAmongMostCertain(scored: readonly ScoredIou[]): Float64Array {
  const sorted = scored.toSorted((a, b) => b.score - a.score)
  const wrong = new Float64Array(sorted.length + 1)
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end].score === sorted[start].score) end++
    const share = sorted.slice(start, end).filter(({ iou }) => !isRight(iou)).length / (end - start)
    for (let n = start; n < end; n++) wrong[n + 1] = wrong[n] + share
  }
  return wrong
}

/** What accepting everything from a score on would do: which share of the proposals it takes, and which share of those is right. */
export function acceptedFrom(limit: number, scored: readonly ScoredIou[]): { accepted: number; right: number | null } {
  const accepted = scored.filter(({ score }) => score >= limit)
  const right = accepted.filter(({ iou }) => isRight(iou)).length
  return { accepted: accepted.length / scored.length, right: accepted.length > 0 ? right / accepted.length : null }
}

/**
 * The area under the ROC curve: how probable it is that one of `positives` is above one of `negatives`, ties counting half. NaN where
 * either is empty.
 */
export function areaUnderRoc(positives: readonly number[], negatives: readonly number[]): number {
  const order = ranks([...positives, ...negatives])
  const sum = order.subarray(0, positives.length).reduce((total, rank) => total + rank, 0)
  return (sum - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length)
}

export function isRight(iou: number): boolean {
  return iou >= rightFrom
}
