import { decodeRunLengths } from '../../masks/index.ts'
import { QualityMeasure, type ClassIndices, type ClassMap } from '../../retrieval/index.ts'
import type { Labels, PropagateRequest, Quality } from '../propagate-job.ts'

/** No class has this index: the pixel counts nowhere. */
const ignored = 0xffff

/** Measures class maps against the truth of their images. Index 0 is the background, the others are those of `classIds`, one up. */
export class TruthMeasure {
  readonly #truths: Map<number, Labels>
  /** Of labels and truth together. */
  readonly #classIds: number[]
  readonly #measure: QualityMeasure
  readonly #kept: { imageId: number; classMap: ClassMap }[] = []

  constructor({ labelled, targets }: PropagateRequest) {
    this.#truths = new Map(targets.flatMap(({ imageId, truth }) => (truth ? [[imageId, truth]] : [])))
    const regions = [...labelled, ...this.#truths.values()].flatMap((labels) => labels.regions)
    this.#classIds = [...new Set(regions.map(({ classId }) => classId))].sort((a, b) => a - b)
    this.#measure = new QualityMeasure([false, ...this.#classIds.map(() => true)])
  }

  /** Holds a class map until it is measured. */
  keep(imageId: number, classMap: ClassMap): void {
    if (this.#truths.has(imageId)) this.#kept.push({ imageId, classMap })
  }

  /** @param mapIds what the indices of the kept maps mean; 0 is background */
  add(mapIds: number[]): void {
    const indexOf = mapIds.map((classId) => this.#classIds.indexOf(classId) + 1)
    for (const { imageId, classMap } of this.#kept.splice(0)) {
      const truth = this.#truths.get(imageId)
      if (!truth) continue
      const predicted = Uint16Array.from(classMap.indices, (index) => indexOf[index])
      this.#measure.add({ ...classMap, indices: predicted }, this.#indicesOf(truth, classMap))
    }
  }

  #indicesOf({ regions, ignored: mask }: Labels, { width, height }: ClassMap): ClassIndices {
    const indices = new Uint16Array(width * height)
    for (const region of regions) {
      const index = this.#classIds.indexOf(region.classId) + 1
      decodeRunLengths(region.mask).data.forEach((inside, i) => {
        if (inside) indices[i] = index
      })
    }
    if (mask)
      decodeRunLengths(mask).data.forEach((inside, i) => {
        if (inside) indices[i] = ignored
      })
    return { width, height, indices }
  }

  result(): Quality | null {
    const { meanIou, boundaryF, perClass } = this.#measure.result()
    if (Number.isNaN(meanIou)) return null
    const [, ...foreground] = perClass
    return {
      meanIou,
      boundaryF,
      perClass: foreground.flatMap((quality, i) => (quality ? [{ classId: this.#classIds[i], ...quality }] : [])),
    }
  }
}
