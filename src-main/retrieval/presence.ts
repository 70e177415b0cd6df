import { evenlySpread } from './evenly-spread.ts'
import { logit, sigmoid } from './logistic.ts'
import type { Memory } from './memory.ts'
import type { ScaleVote } from './proposals.ts'
import type { Vote, Voter } from './vote.ts'

/** What the votes of an image say of whether a class is in it. */
export interface PresenceEvidence {
  /**
   * How alike the ten tokens most like the class are to it, less how alike its own labelled tokens are to each other. Of the scale where
   * that is most.
   */
  likeness: number
  /** The logit of the mean vote of the ten tokens that vote most for it; the mean of the scales. */
  vote: number
}

/** Fitted by scripts/fit-confidence.ts; see docs/confidence.md. */
const coefficients = { intercept: 1.775, likeness: 5.146, vote: 0.439 }

/** Tokens that speak for an image: more than one, since any token may err, and few enough for a small object. */
const spokesmen = 10
/** Labelled tokens of a class that are asked how alike they are. */
const asked = 64
/** A class of a single token is alike to itself alone; so alike are the tokens of other classes to each other. */
const usualLikeness = 0.8
const voteMargin = 0.001

/** A token shows a class where it has at least half as much of it as the token with most: of thin things no token has much. */
function leastShares({ classes, shares }: Memory): Float32Array {
  const least = new Float32Array(classes)
  shares.forEach((share, at) => {
    least[at % classes] = Math.max(least[at % classes], share / 2)
  })
  return least
}

/** What is known of the classes at one scale, whatever the image. */
export interface ClassLikeness {
  /** (classes) from this share on a labelled token shows the class. */
  leastShares: Float32Array
  /** (classes) how alike the labelled tokens of the class are: the mean cosine of each with the nearest other one. */
  among: Float32Array
}

export function classLikeness(memory: Memory, voter: Voter): ClassLikeness {
  const least = leastShares(memory)
  const among = Float32Array.from(least, (share, c) => likenessAmong(memory, voter, c, share))
  return { leastShares: least, among }
}

function likenessAmong(memory: Memory, voter: Voter, classIndex: number, leastShare: number): number {
  const { size, classes, dimensions, shares, tokens } = memory
  const showing = Array.from({ length: size }, (_, row) => row).filter(
    (row) => leastShare > 0 && shares[row * classes + classIndex] >= leastShare,
  )
  const rows = evenlySpread(showing, asked)
  if (rows.length < 2) return usualLikeness
  const those = new Float16Array(rows.length * dimensions)
  rows.forEach((row, i) => those.set(tokens.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions))
  const vote = voter.vote(those, { columns: rows.length, rows: 1 })
  const nearest = rows.map((row, i) => nearestShowing(i, vote, memory, classIndex, leastShare, row))
  return nearest.reduce((sum, cosine) => sum + cosine, 0) / nearest.length
}

/** The largest cosine of a token with a labelled one that shows the class, 0 where it heard none or was not asked. @param itself a row that does not count */
function nearestShowing(
  token: number,
  { neighbours, indices, cosines }: Vote,
  { classes, shares }: Memory,
  classIndex: number,
  leastShare: number,
  itself = -1,
): number {
  for (let j = token * neighbours; j < (token + 1) * neighbours; j++)
    if (indices[j] !== itself && shares[indices[j] * classes + classIndex] >= leastShare) return cosines[j]
  return 0
}

/** The votes of an image at one scale, with what is known of the classes there. */
export interface VotedScale extends ScaleVote {
  likeness: ClassLikeness
}

export function presenceEvidence(classIndex: number, scales: readonly VotedScale[]): PresenceEvidence {
  const byScale = scales.map(({ vote, memory, likeness }) => {
    const { columns, rows, values } = vote.maps
    const cells = columns * rows
    const leastShare = likeness.leastShares[classIndex]
    const nearest = Float32Array.from({ length: cells }, (_, i) =>
      nearestShowing(i, vote, memory, classIndex, leastShare),
    )
    const votes = values.subarray(classIndex * cells, (classIndex + 1) * cells)
    return {
      likeness: meanOfLargest(nearest) - likeness.among[classIndex],
      vote: logit(meanOfLargest(votes), voteMargin),
    }
  })
  return {
    likeness: Math.max(...byScale.map(({ likeness }) => likeness)),
    vote: byScale.reduce((sum, { vote }) => sum + vote, 0) / byScale.length,
  }
}

function meanOfLargest(values: Float32Array): number {
  const largest = values.toSorted().subarray(-spokesmen)
  return largest.reduce((sum, value) => sum + value, 0) / largest.length
}

/** How probable it is that a class is in an image. */
export function presence({ likeness, vote }: PresenceEvidence): number {
  return sigmoid(coefficients.intercept + coefficients.likeness * likeness + coefficients.vote * vote)
}
