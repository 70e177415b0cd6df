import type { RunLengths } from '../../contract/index.ts'
import { area, intersect, splitIntoComponents, subtract, unite } from '../../masks/index.ts'
import { defaultPropagationSettings, matchedIou, type PropagatedImage, type TrueObject } from '../../retrieval/index.ts'
import type { Confidence, Labels, PropagateRequest } from '../propagate-job.ts'

/** A proposal of which more than this share lies on ignored pixels is neither right nor wrong. */
const mostIgnored = 0.5
/** A class that has less of an image is neither in it nor missing: so little makes no proposal. */
const { leastShare } = defaultPropagationSettings.proposals

interface Answer extends Pick<PropagatedImage, 'proposals' | 'presence'> {
  imageId: number
  truth: Labels
}

/** Holds the scores of proposals and the presence of classes against the truth of their images. */
export class ConfidenceMeasure {
  readonly #truths: Map<number, Labels>
  readonly #singleObjects: boolean
  readonly #kept: Answer[] = []
  readonly #proposals: Confidence['proposals'] = []
  readonly #presence: Confidence['presence'] = []

  constructor({ targets, singleObjects }: PropagateRequest) {
    this.#singleObjects = singleObjects
    this.#truths = new Map(targets.flatMap(({ imageId, truth }) => (truth ? [[imageId, truth]] : [])))
  }

  /** Holds an answer until it is measured. */
  keep(imageId: number, { proposals, presence }: PropagatedImage): void {
    const truth = this.#truths.get(imageId)
    if (truth) this.#kept.push({ imageId, truth, proposals, presence })
  }

  add(): void {
    for (const answer of this.#kept.splice(0)) this.#measure(answer)
  }

  #measure({ imageId, truth, proposals, presence }: Answer): void {
    for (const { classId, probability, evidence } of presence) {
      const share = shareOf(classId, truth)
      if (share > 0 && share < leastShare) continue
      this.#presence.push({
        imageId,
        classId,
        probability,
        isPresent: share > 0,
        evidence: { ...evidence },
      })
    }
    for (const [classId, ofClass] of Map.groupBy(proposals, (proposal) => proposal.classId)) {
      const objects = objectsOf(truth, classId)
      const judged = this.#singleObjects ? ofClass.map(({ mask }) => mask) : withTouching(ofClass)
      for (const [index, { mask, score, evidence }] of ofClass.entries()) {
        if (truth.ignored && area(subtract(mask, truth.ignored)) < (1 - mostIgnored) * area(mask)) continue
        const known = truth.ignored ? subtract(judged[index], truth.ignored) : judged[index]
        this.#proposals.push({ imageId, classId, score, iou: matchedIou(known, objects), evidence: { ...evidence } })
      }
    }
  }

  /** Null where no target has a truth. */
  result(): Confidence | null {
    return this.#truths.size > 0 ? { proposals: this.#proposals, presence: this.#presence } : null
  }
}

/** The true objects of a class: connected parts, as far as masks of classes tell objects apart. */
function objectsOf({ regions }: Labels, classId: number): TrueObject[] {
  return regions
    .filter((region) => region.classId === classId)
    .flatMap(({ mask }) => splitIntoComponents(mask, { connectivity: 8, minimumArea: 1 }))
}

/**
 * Each proposal of one class together with those that it touches. Where the truth does not tell touching objects apart, it
 * cannot say whether a proposal is cut off rightly from the one beside it: they are right together.
 */
function withTouching(proposals: readonly { mask: RunLengths }[]): RunLengths[] {
  const whole = proposals.map(({ mask }) => mask).reduce(unite)
  const parts = splitIntoComponents(whole, { connectivity: 8, minimumArea: 1 })
  const isMet = (mask: RunLengths) => (part: { mask: RunLengths }) => area(intersect(part.mask, mask)) > 0
  return proposals.map(({ mask }) =>
    parts
      .filter(isMet(mask))
      .map((part) => part.mask)
      .reduce(unite, mask),
  )
}

/** Of the image's pixels. */
function shareOf(classId: number, { regions }: Labels): number {
  const masks = regions.filter((region) => region.classId === classId).map(({ mask }) => mask)
  if (masks.length === 0) return 0
  const [height, width] = masks[0].size
  return area(masks.reduce(unite)) / (width * height)
}
