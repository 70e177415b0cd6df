/**
 * Fits the coefficients of src-main/retrieval/confidence.ts and presence.ts.
 *
 *     node scripts/fit-confidence.ts FILE ...
 *
 * A file a set, from `cribsheet evaluate --evidence FILE`. Prints for each set how well a model fits it that was fitted on the others
 * alone, what a person's answers to some of its proposals then make of it, and in the end the coefficients that are fitted on all.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import {
  acceptedFrom,
  areaUnderRoc,
  expectedCalibrationError,
  isRight,
  riskCoverage,
  spearman,
} from '../src-main/retrieval/calibration.ts'
import { evidenceMargin } from '../src-main/retrieval/confidence.ts'
import { evenlySpread } from '../src-main/retrieval/evenly-spread.ts'
import { logit, sigmoid } from '../src-main/retrieval/logistic.ts'
import { fitRecalibration, recalibrate } from '../src-main/retrieval/recalibration.ts'

const fileSchema = z.object({
  set: z.string(),
  proposals: z.array(z.object({ iou: z.number(), evidence: z.object({ softIou: z.number(), stability: z.number() }) })),
  presence: z.array(
    z.object({ isPresent: z.boolean(), evidence: z.object({ likeness: z.number(), vote: z.number() }) }),
  ),
})

/** One thing that is true or not, and what speaks for it. */
interface Example {
  clues: number[]
  isTrue: boolean
}

/** Of the clues in their order, after the intercept. */
type Coefficients = number[]

interface Set<Kind extends Example = Example> {
  name: string
  examples: Kind[]
}

/** Of the squares of the coefficients of standardised clues: next to nothing, but it keeps them finite where a set is easy. */
const penalty = 1e-3

/** Logistic regression by Newton's method. A set weighs as the root of its size: of many classes it has tenfold the proposals. */
function fit(sets: readonly Set[]): Coefficients {
  const rows = sets.flatMap(({ examples }) =>
    examples.map(({ clues, isTrue }) => ({ x: [1, ...clues], y: Number(isTrue), share: examples.length ** -0.5 })),
  )
  const total = rows.reduce((sum, { share }) => sum + share, 0)
  for (const row of rows) row.share /= total
  const size = rows[0].x.length
  const mean = Array.from({ length: size }, (_, k) => rows.reduce((sum, { x, share }) => sum + share * x[k], 0))
  const deviation = mean.map((centre, k) =>
    Math.sqrt(rows.reduce((sum, { x, share }) => sum + share * (x[k] - centre) ** 2, 0)),
  )
  const standard = rows.map(({ x, ...row }) => ({
    ...row,
    x: x.map((v, k) => (k === 0 ? 1 : (v - mean[k]) / deviation[k])),
  }))
  let weights = new Array<number>(size).fill(0)
  for (let step = 0; step < 50; step++) {
    const gradient = weights.map((w, k) => (k === 0 ? 0 : -penalty * w))
    const curvature = weights.map((_, k) => weights.map((__, l) => (k === l && k > 0 ? penalty : 0)))
    for (const { x, y, share } of standard) {
      const p = sigmoid(dot(weights, x))
      for (let k = 0; k < size; k++) {
        gradient[k] += share * (y - p) * x[k]
        for (let l = 0; l < size; l++) curvature[k][l] += share * p * (1 - p) * x[k] * x[l]
      }
    }
    const change = solve(curvature, gradient).map((value) => Math.min(3, Math.max(-3, value)))
    weights = weights.map((w, k) => w + change[k])
    if (change.every((value) => Math.abs(value) < 1e-9)) break
  }
  const plain = weights.map((w, k) => (k === 0 ? w : w / deviation[k]))
  return plain.map((w, k) => (k === 0 ? plain.reduce((sum, v, l) => (l === 0 ? sum : sum - v * mean[l]), w) : w))
}

/** Gauss's elimination of a small positive definite system. */
function solve(matrix: number[][], right: number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]])
  const size = right.length
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      if (j === i) continue
      const factor = a[j][i] / a[i][i]
      for (let k = i; k <= size; k++) a[j][k] -= factor * a[i][k]
    }
  return a.map((row, i) => row[size] / row[i])
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * b[k], 0)
}

function probability(coefficients: Coefficients, { clues }: Example): number {
  return sigmoid(dot(coefficients, [1, ...clues]))
}

/** For each set, what is printed of a model that was fitted on the others. */
function report<Kind extends Example>(
  title: string,
  sets: readonly Set<Kind>[],
  describe: (scored: { score: number; example: Kind }[]) => string,
): void {
  console.log(title)
  for (const held of sets) {
    const others = sets.filter((each) => each !== held)
    const coefficients = fit(others)
    const scored = held.examples.map((example) => ({ score: probability(coefficients, example), example }))
    console.log(`  ${held.name}, by the others: ${describe(scored)}`)
  }
  const all = fit(sets)
  const scored = sets.flatMap(({ examples }) =>
    examples.map((example) => ({ score: probability(all, example), example })),
  )
  console.log(`  all, by themselves: ${describe(scored)}`)
  console.log(`  coefficients: ${all.map((value) => value.toFixed(3)).join(', ')}`)
}

const files = process.argv.slice(2).map((file) => fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
if (files.length < 2) throw new RangeError('Give the evidence of at least two sets.')

const scoreSets = files.map(({ set, proposals }) => ({
  name: set,
  examples: proposals.map(({ iou, evidence }) => ({
    clues: [logit(evidence.softIou, evidenceMargin), logit(evidence.stability, evidenceMargin)],
    isTrue: isRight(iou),
    iou,
  })),
}))
/** The calibration error of the other proposals once a person has answered so many, evenly spread ones. */
function errorAfter(answers: number, scored: readonly { score: number; iou: number }[]): string {
  const answered = new Set(evenlySpread([...scored.keys()], answers))
  const isAnswered = (_: unknown, i: number) => answered.has(i)
  const given = scored.filter(isAnswered).map(({ score, iou }) => ({ score, right: isRight(iou) }))
  const recalibration = fitRecalibration(given)
  const others = scored.filter((each, i) => !isAnswered(each, i))
  const error = expectedCalibrationError(
    others.map(({ score, iou }) => ({ score: recalibrate(score, recalibration), iou })),
  )
  return `after ${answers} answers ${error.toFixed(3)}`
}

report('Score: intercept, softIou, stability', scoreSets, (scored) => {
  const pairs = scored.map(({ score, example }) => ({ score, iou: example.iou }))
  const { accepted, right } = acceptedFrom(0.9, pairs)
  const rank = spearman(
    pairs.map(({ score }) => score),
    pairs.map(({ iou }) => iou),
  )
  return (
    `${pairs.length} proposals, Spearman ${rank.toFixed(3)}, calibration error ${expectedCalibrationError(pairs).toFixed(3)} ` +
    `(${errorAfter(20, pairs)}, ${errorAfter(100, pairs)}), ` +
    `area under risk-coverage ${riskCoverage(pairs).area.toFixed(3)}, from 0.9 on ${accepted.toFixed(3)} with ${right?.toFixed(3) ?? '-'} right`
  )
})

const presenceSets = files
  .map(({ set, presence }) => ({
    name: set,
    examples: presence.map(({ isPresent, evidence }) => ({
      clues: [evidence.likeness, evidence.vote],
      isTrue: isPresent,
    })),
  }))
  .filter(({ examples }) => examples.some(({ isTrue }) => !isTrue))
if (presenceSets.length < 2) console.log('Presence: not fitted, as fewer than two sets have images that lack a class')
else
  report('Presence: intercept, likeness, vote (sets with images that lack a class)', presenceSets, (scored) => {
    const of = (isTrue: boolean) => scored.filter(({ example }) => example.isTrue === isTrue).map(({ score }) => score)
    const pairs = scored.map(({ score, example }) => ({ score, iou: Number(example.isTrue) }))
    return `AUROC over all classes ${areaUnderRoc(of(true), of(false)).toFixed(3)}, calibration error ${expectedCalibrationError(pairs).toFixed(3)}`
  })
