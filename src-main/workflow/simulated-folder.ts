import type { RunLengths } from '../contract/index.ts'
import type { Labels, ProposedImage } from '../jobs/index.ts'
import { area, emptyMask, intersect, subtract, unite } from '../masks/index.ts'
import type { EvaluationImage, EvaluationSet } from './evaluation-set.ts'
import { correctByBrush } from './simulated-brush.ts'
import { mean } from './statistics.ts'

/** Which image the person takes next: the one that the program is least certain of, or the one that is worst by the truth. */
export const correctionOrders = ['certainty', 'truth'] as const
export type CorrectionOrder = (typeof correctionOrders)[number]

/** What the correction of an image took. */
export interface Correction {
  strokes: number
  pixels: number
}

/** A corrected image, as a propagation hears of it. */
export interface CorrectedImage extends Labels {
  image: EvaluationImage
}

/** A class of an image is left alone from this IoU on. */
export const goodEnough = 0.95

/** The masks of a folder while a simulated person corrects them: one mask a class and image. */
export class SimulatedFolder {
  readonly #classIds: number[]
  readonly #images: SimulatedImage[]

  constructor({ images, classes }: EvaluationSet) {
    this.#classIds = classes.map(({ id }) => id)
    this.#images = images.map((image) => new SimulatedImage(image, this.#classIds))
  }

  /** Those that the person has not been at. */
  get open(): EvaluationImage[] {
    return this.#images.filter(({ isOpen }) => isOpen).map(({ image }) => image)
  }

  /** What the person drew or changed. */
  get labelled(): CorrectedImage[] {
    return this.#images.map((each) => each.labels).filter(({ regions }) => regions.length > 0)
  }

  /** As `evaluate` measures: intersections and unions summed over the images, the mean over the classes that the truth shows. */
  get meanIou(): number {
    const ious = this.#classIds.flatMap((classId) => {
      const sums = { intersection: 0, union: 0, truth: 0 }
      for (const each of this.#images) {
        const { intersection, union, truth } = each.overlap(classId)
        sums.intersection += intersection
        sums.union += union
        sums.truth += truth
      }
      return sums.truth > 0 ? [sums.intersection / sums.union] : []
    })
    return mean(ious)
  }

  /** Takes the place of what was proposed for the image; what the person was at stays. */
  propose({ imageId, proposals }: ProposedImage): void {
    const found = this.#images.find(({ image }) => image.imageId === imageId)
    if (found?.isOpen) found.propose(proposals)
  }

  /** Of two alike, the first. Images without proposals come last, as in a review. Null where all are done. */
  next(order: CorrectionOrder): EvaluationImage | null {
    const rank = (each: SimulatedImage) => (order === 'certainty' ? each.certainty : each.meanIou)
    const [first] = this.#images.filter(({ isOpen }) => isOpen).sort((a, b) => rank(a) - rank(b) || 0)
    return (first as SimulatedImage | undefined)?.image ?? null
  }

  /** By brush, class by class. */
  correct({ imageId }: EvaluationImage): Correction {
    const found = this.#images.find(({ image }) => image.imageId === imageId)
    return found ? found.correct() : { strokes: 0, pixels: 0 }
  }
}

interface Overlap {
  intersection: number
  union: number
  truth: number
}

class SimulatedImage {
  readonly image: EvaluationImage
  /** The lowest score of its proposals. */
  certainty = Infinity
  isOpen = true
  readonly #truths: Map<number, RunLengths>
  readonly #overlaps = new Map<number, Overlap>()
  #masks: Map<number, RunLengths>
  /** Classes of which the person changed the mask. */
  readonly #changed = new Set<number>()

  constructor(image: EvaluationImage, classIds: readonly number[]) {
    const nothing = emptyMask(image.width, image.height)
    const truthOf = (classId: number) =>
      image.truth.regions
        .filter((region) => region.classId === classId)
        .reduce((all, { mask }) => unite(all, mask), nothing)
    this.image = image
    this.#truths = new Map(classIds.map((classId) => [classId, truthOf(classId)]))
    this.#masks = new Map(classIds.map((classId) => [classId, nothing]))
  }

  /** Over the classes that it shows or that are proposed; 1 where there are none. */
  get meanIou(): number {
    const shown = [...this.#masks.keys()].map((classId) => this.overlap(classId)).filter(({ union }) => union > 0)
    return shown.length > 0 ? mean(shown.map(({ intersection, union }) => intersection / union)) : 1
  }

  get labels(): CorrectedImage {
    const { imageId, truth } = this.image
    const drawn = [...this.#masks].filter(([classId, mask]) => this.#changed.has(classId) && area(mask) > 0)
    const regions = drawn.map(([classId, mask]) => ({ annotationId: imageId, classId, mask }))
    // What was accepted as it was proposed is neither label nor background.
    const accepted = [...this.#masks].filter(([classId]) => !this.#changed.has(classId)).map(([, mask]) => mask)
    const unsure = drawn.reduce((left, [, mask]) => subtract(left, mask), accepted.reduce(unite, emptyOf(this.image)))
    const ignored = truth.ignored ? unite(truth.ignored, unsure) : unsure
    return { image: this.image, regions, ignored: area(ignored) > 0 ? ignored : null }
  }

  overlap(classId: number): Overlap {
    const known = this.#overlaps.get(classId)
    if (known) return known
    const { ignored } = this.image.truth
    const [mask, truth] = [this.#maskOf(classId), this.#truthOf(classId)].map((each) =>
      ignored ? subtract(each, ignored) : each,
    )
    const found = { intersection: area(intersect(mask, truth)), union: area(unite(mask, truth)), truth: area(truth) }
    this.#overlaps.set(classId, found)
    return found
  }

  propose(proposals: ProposedImage['proposals']): void {
    const maskOf = (classId: number) =>
      proposals
        .filter((proposal) => proposal.classId === classId)
        .reduce((all, { mask }) => unite(all, mask), emptyOf(this.image))
    this.certainty = Math.min(Infinity, ...proposals.map(({ score }) => score))
    this.#masks = new Map([...this.#masks.keys()].map((classId) => [classId, maskOf(classId)]))
    this.#overlaps.clear()
  }

  correct(): Correction {
    const correction = { strokes: 0, pixels: 0 }
    for (const classId of this.#masks.keys()) {
      const task = { mask: this.#maskOf(classId), truth: this.#truthOf(classId), ignored: this.image.truth.ignored }
      const { mask, strokes } = correctByBrush(task, goodEnough)
      if (strokes.length === 0) continue
      correction.strokes += strokes.length
      correction.pixels += strokes.reduce((sum, { pixels }) => sum + pixels, 0)
      this.#masks.set(classId, mask)
      this.#changed.add(classId)
    }
    this.#overlaps.clear()
    this.isOpen = false
    return correction
  }

  #maskOf(classId: number): RunLengths {
    return this.#masks.get(classId) ?? emptyOf(this.image)
  }

  #truthOf(classId: number): RunLengths {
    return this.#truths.get(classId) ?? emptyOf(this.image)
  }
}

function emptyOf({ width, height }: EvaluationImage): RunLengths {
  return emptyMask(width, height)
}
