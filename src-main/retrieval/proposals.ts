import { confidence } from './confidence.ts'
import { coverage } from './coverage.ts'
import type { Memory } from './memory.ts'
import type { Proposal } from './proposal.ts'
import type { RefinedComponent } from './refine.ts'
import type { Vote } from './vote.ts'

/** The vote at one scale and the memory that it was taken in. */
export interface ScaleVote {
  vote: Vote
  memory: Memory
}

/** From here on a class is rather in an image than not. */
const probably = 0.5

/**
 * A component as a proposal, with where it came from; null where no labelled token voted for its class.
 *
 * @param present how probable it is that the class is in the image: where it is probably not, the proposal is no more probable than that
 */
export function toProposal(
  component: RefinedComponent,
  { classId, present }: { classId: number; present: number },
  scales: ScaleVote[],
): Proposal | null {
  const { classIndex, mask, box, area, evidence } = component
  const sure = confidence(evidence)
  const score = present < probably ? Math.min(sure, present) : sure
  const inside = scales.map((scale) => ({ ...scale, counts: coverage(mask, scale.vote.maps) }))
  const source = sourceOf(classIndex, inside) ?? sourceOf(classIndex, scales)
  return source && { classId, mask, box, area, score, evidence, ...source }
}

/** A vote of which only a part is asked about: how much each token counts; all alike where nothing is said. */
export interface WeighedVote extends ScaleVote {
  counts?: Float32Array
}

/** The annotation which gave the tokens most vote for a class, and the mean cosine of those votes, weighted by them. */
export function sourceOf(
  classIndex: number,
  weighed: WeighedVote[],
): Pick<Proposal, 'sourceAnnotationId' | 'similarity'> | null {
  const votes = new Map<number, { weight: number; cosines: number }>()
  for (const vote of weighed) addVotes(votes, classIndex, vote)
  let best: { id: number; weight: number; cosines: number } | null = null
  for (const [id, { weight, cosines }] of votes) if (!best || weight > best.weight) best = { id, weight, cosines }
  return best && { sourceAnnotationId: best.id, similarity: best.cosines / best.weight }
}

function addVotes(
  votes: Map<number, { weight: number; cosines: number }>,
  classIndex: number,
  { vote, memory, counts }: WeighedVote,
): void {
  const { neighbours, indices, weights, cosines } = vote
  for (let j = 0; j < indices.length; j++) {
    const share = counts ? counts[Math.floor(j / neighbours)] : 1
    if (share === 0) continue
    const at = indices[j] * memory.classes + classIndex
    const weight = share * weights[j] * memory.shares[at]
    if (weight === 0) continue
    const annotation = memory.annotations[at]
    const sum = votes.get(annotation)
    if (sum) {
      sum.weight += weight
      sum.cosines += weight * cosines[j]
    } else votes.set(annotation, { weight, cosines: weight * cosines[j] })
  }
}
