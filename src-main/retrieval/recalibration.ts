import { logit, sigmoid } from './logistic.ts'

/** A person's answer to a proposal. */
export interface Answer {
  /** The score before answers changed it. */
  score: number
  right: boolean
}

/** What a project's answers make of a score, Platt's: logit(p) = slope logit(score) + shift. */
export interface Recalibration {
  slope: number
  shift: number
}

export const asItIs: Recalibration = { slope: 1, shift: 0 }

/**
 * How far answers may pull, as standard deviations of a normal prior around `asItIs`: one answer moves a score by a few points. The
 * slope's is of its logarithm, so that the order of proposals is never turned round.
 */
const slopeDeviation = 0.25
const shiftDeviation = 0.45
/** Scores stay this far from 0 and 1, which have no logit. */
const margin = 1e-3
const steps = 50

/**
 * The slope and the shift that are most probable given the answers (Platt 1999, with a prior), by Fisher scoring with halved steps.
 * Without answers scores stay as they are.
 */
export function fitRecalibration(answers: readonly Answer[]): Recalibration {
  const points = answers.map(({ score, right }) => ({ x: logit(score, margin), right }))
  let best: Parameters = { logSlope: 0, shift: 0 }
  for (let step = 0; step < steps; step++) {
    const next = improve(best, points)
    if (!next) break
    best = next
  }
  return { slope: Math.exp(best.logSlope), shift: best.shift }
}

export function recalibrate(score: number, { slope, shift }: Recalibration): number {
  return sigmoid(slope * logit(score, margin) + shift)
}

interface Point {
  x: number
  right: boolean
}

interface Parameters {
  logSlope: number
  shift: number
}

/** One step of Fisher scoring, halved until it is an improvement; null where there is none. */
function improve(from: Parameters, points: readonly Point[]): Parameters | null {
  const slope = Math.exp(from.logSlope)
  let [bySlope, byShift] = [-from.logSlope / slopeDeviation ** 2, -from.shift / shiftDeviation ** 2]
  let [ss, sb, bb] = [1 / slopeDeviation ** 2, 0, 1 / shiftDeviation ** 2]
  for (const { x, right } of points) {
    const p = sigmoid(slope * x + from.shift)
    const scaled = slope * x // of the logit by the slope's logarithm
    bySlope += (Number(right) - p) * scaled
    byShift += Number(right) - p
    const information = p * (1 - p)
    ss += information * scaled * scaled
    sb += information * scaled
    bb += information
  }
  const determinant = ss * bb - sb * sb
  const logSlopeStep = (bb * bySlope - sb * byShift) / determinant
  const shiftStep = (ss * byShift - sb * bySlope) / determinant
  const current = logPosterior(from, points)
  for (let length = 1; length > 1e-3; length /= 2) {
    const next = { logSlope: from.logSlope + length * logSlopeStep, shift: from.shift + length * shiftStep }
    if (logPosterior(next, points) > current + 1e-10) return next
  }
  return null
}

function logPosterior({ logSlope, shift }: Parameters, points: readonly Point[]): number {
  const slope = Math.exp(logSlope)
  const prior = -0.5 * ((logSlope / slopeDeviation) ** 2 + (shift / shiftDeviation) ** 2)
  // log sigmoid(z) = -softplus(-z), of z for a right one and of -z for a wrong one.
  return points.reduce((sum, { x, right }) => {
    const z = slope * x + shift
    return sum - softplus(right ? -z : z)
  }, prior)
}

/** log(1 + exp(z)) */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
}
