import { area, splitIntoComponents, subtract, unite } from '../../masks/index.ts'
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
  readonly #kept: Answer[] = []
  readonly #proposals: Confidence['proposals'] = []
  readonly #presence: Confidence['presence'] = []

  constructor({ targets }: PropagateRequest) {
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
    const objects = new Map<number, TrueObject[]>()
    for (const { classId, mask, score, evidence } of proposals) {
      const known = truth.ignored ? subtract(mask, truth.ignored) : mask
      if (area(known) < (1 - mostIgnored) * area(mask)) continue
      const found = objects.get(classId) ?? objectsOf(truth, classId)
      objects.set(classId, found)
      this.#proposals.push({ imageId, classId, score, iou: matchedIou(known, found), evidence: { ...evidence } })
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

/** Of the image's pixels. */
function shareOf(classId: number, { regions }: Labels): number {
  const masks = regions.filter((region) => region.classId === classId).map(({ mask }) => mask)
  if (masks.length === 0) return 0
  const [height, width] = masks[0].size
  return area(masks.reduce(unite)) / (width * height)
}
