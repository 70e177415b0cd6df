import type { Box, RunLengths } from '../contract/index.ts'
import { area, boundingBox, intersect } from '../masks/index.ts'

/** One object, as proposed or in truth. */
export interface Segment {
  classId: number
  mask: RunLengths
}

export interface PanopticClass {
  /** PQ = SQ x RQ. */
  pq: number
  /** Segmentation quality: the mean IoU of matched segments; 0 where none is. */
  sq: number
  /** Recognition quality: the F1 score of finding the segments. */
  rq: number
}

/** Proposed and true segments of an image are the same object where their IoU is above this, which no two others can then be. */
const matching = 0.5

interface Tally {
  ious: number
  matched: number
  proposed: number
  true: number
}

/**
 * Panoptic quality over a test set (Kirillov et al. 2019), per class: the sum of the IoUs of matched segments / (matched + half of the
 * proposed ones that match nothing + half of the true ones that nothing matches).
 */
export class PanopticMeasure {
  readonly #tallies = new Map<number, Tally>()

  /**
   * @param ignored pixels that count nowhere: a proposed segment that lies mostly in them is left out, unless it matches
   */
  add(proposed: readonly Segment[], truth: readonly Segment[], ignored: RunLengths | null = null): void {
    const classIds = new Set([...proposed, ...truth].map(({ classId }) => classId))
    for (const classId of classIds) {
      const ofClass = (segments: readonly Segment[]) =>
        segments.filter((segment) => segment.classId === classId).map(measured)
      this.#addClass(this.#tallyOf(classId), ofClass(proposed), ofClass(truth), ignored)
    }
  }

  #tallyOf(classId: number): Tally {
    const known = this.#tallies.get(classId)
    if (known) return known
    const tally = { ious: 0, matched: 0, proposed: 0, true: 0 }
    this.#tallies.set(classId, tally)
    return tally
  }

  #addClass(tally: Tally, proposed: Measured[], truth: Measured[], ignored: RunLengths | null): void {
    tally.true += truth.length
    for (const segment of proposed) {
      const iou = truth.reduce((best, actual) => Math.max(best, iouOf(segment, actual)), 0)
      if (iou > matching) {
        tally.ious += iou
        tally.matched++
      } else if (ignored && area(intersect(segment.mask, ignored)) > segment.area / 2) continue
      tally.proposed++
    }
  }

  /** By class id; classes without a true segment are left out. */
  result(): Map<number, PanopticClass> {
    const shown = [...this.#tallies].filter(([, tally]) => tally.true > 0).sort(([a], [b]) => a - b)
    return new Map(
      shown.map(([classId, { ious, matched, proposed, true: actual }]) => {
        const sq = matched > 0 ? ious / matched : 0
        const rq = (2 * matched) / (proposed + actual)
        return [classId, { pq: sq * rq, sq, rq }]
      }),
    )
  }
}

interface Measured {
  mask: RunLengths
  area: number
  box: Box
}

function measured({ mask }: Segment): Measured {
  return { mask, area: area(mask), box: boundingBox(mask) }
}

function iouOf(a: Measured, b: Measured): number {
  if (!meet(a.box, b.box)) return 0
  const intersection = area(intersect(a.mask, b.mask))
  return intersection / (a.area + b.area - intersection)
}

function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
