/** Class indices of an image, row-major. What is not below the number of classes is ignored: it counts nowhere. */
export interface ClassIndices {
  width: number
  height: number
  indices: Uint8Array | Uint16Array
}

export interface ClassQuality {
  /** Intersection over union, summed over the test set. */
  iou: number
  /** Boundary F-score: harmonic mean of the shares of predicted and of true boundary pixels that have a counterpart nearby. */
  boundaryF: number
}

export interface Quality {
  /** Mean over the scored classes that occur in the truth; NaN where none does. */
  meanIou: number
  boundaryF: number
  /** One a class; null for a class that is not scored (the background) or not in the truth. */
  perClass: (ClassQuality | null)[]
}

/** Of the image's diagonal: boundaries this near are the same. */
const boundaryTolerance = 0.0075

/**
 * How well predicted class maps fit the truth, over a test set: intersections, unions and boundary pixels are summed over all images
 * per class, then averaged over the classes.
 */
export class QualityMeasure {
  readonly #intersections: Float64Array
  readonly #predicted: Float64Array
  readonly #true: Float64Array
  readonly #boundaries: BoundaryCount[]
  readonly #scored: boolean[]

  /** @param scored one entry a class: whether it is a foreground class */
  constructor(scored: boolean[]) {
    this.#scored = scored
    this.#intersections = new Float64Array(scored.length)
    this.#predicted = new Float64Array(scored.length)
    this.#true = new Float64Array(scored.length)
    this.#boundaries = scored.map(() => ({ predicted: 0, predictedMatched: 0, true: 0, trueMatched: 0 }))
  }

  add(prediction: ClassIndices, truth: ClassIndices): void {
    this.#addRegions(prediction.indices, truth.indices)
    const tolerance = boundaryTolerance * Math.hypot(truth.width, truth.height)
    this.#boundaries.forEach((count, c) => {
      if (this.#scored[c]) addBoundaries(count, prediction, truth, c, this.#scored.length, tolerance)
    })
  }

  #addRegions(predicted: ClassIndices['indices'], truth: ClassIndices['indices']): void {
    const classes = this.#scored.length
    for (let i = 0; i < truth.length; i++) {
      const actual = truth[i]
      if (actual >= classes) continue
      this.#true[actual]++
      this.#predicted[predicted[i]]++
      if (actual === predicted[i]) this.#intersections[actual]++
    }
  }

  result(): Quality {
    const perClass = this.#scored.map((scored, c) => {
      if (!scored || this.#true[c] === 0) return null
      const union = this.#true[c] + this.#predicted[c] - this.#intersections[c]
      return { iou: this.#intersections[c] / union, boundaryF: harmonicMean(this.#boundaries[c]) }
    })
    const present = perClass.filter((quality) => quality !== null)
    return {
      meanIou: mean(present.map(({ iou }) => iou)),
      boundaryF: mean(present.map(({ boundaryF }) => boundaryF)),
      perClass,
    }
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

interface BoundaryCount {
  predicted: number
  predictedMatched: number
  true: number
  trueMatched: number
}

/** One where neither has a boundary: a class that fills every image, found. */
function harmonicMean(count: BoundaryCount): number {
  if (count.predicted === 0 && count.true === 0) return 1
  const precision = count.predictedMatched / Math.max(1, count.predicted)
  const recall = count.trueMatched / Math.max(1, count.true)
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}

function addBoundaries(
  count: BoundaryCount,
  prediction: ClassIndices,
  truth: ClassIndices,
  classIndex: number,
  classes: number,
  tolerance: number,
): void {
  const predicted = boundary(prediction.indices, truth, classIndex, classes)
  const actual = boundary(truth.indices, truth, classIndex, classes)
  const toPredicted = countNear(actual, predicted, truth.width, tolerance)
  const toTrue = countNear(predicted, actual, truth.width, tolerance)
  count.true += toPredicted.total
  count.trueMatched += toPredicted.near
  count.predicted += toTrue.total
  count.predictedMatched += toTrue.near
}

/** 1 at the class's pixels that have a pixel of another class beside, above or below them; ignored pixels make no boundary. */
function boundary(
  indices: ClassIndices['indices'],
  truth: ClassIndices,
  classIndex: number,
  classes: number,
): Uint8Array {
  const { width, height } = truth
  const result = new Uint8Array(width * height)
  const differs = (i: number): boolean => indices[i] !== classIndex && truth.indices[i] < classes
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (indices[i] !== classIndex || truth.indices[i] >= classes) continue
      const onBoundary =
        (x > 0 && differs(i - 1)) ||
        (x < width - 1 && differs(i + 1)) ||
        (y > 0 && differs(i - width)) ||
        (y < height - 1 && differs(i + width))
      if (onBoundary) result[i] = 1
    }
  }
  return result
}

/** How many pixels of `from` there are, and how many have a pixel of `to` within the tolerance (Euclidean, pixel centres). */
function countNear(
  from: Uint8Array,
  to: Uint8Array,
  width: number,
  tolerance: number,
): { total: number; near: number } {
  const vertical = verticalDistances(to, width)
  const reach = Math.floor(tolerance)
  let total = 0
  let near = 0
  for (let i = 0; i < from.length; i++) {
    if (!from[i]) continue
    total++
    const x = i % width
    const last = Math.min(width - 1, x + reach) - x
    for (let dx = Math.max(0, x - reach) - x; dx <= last; dx++) {
      if (dx * dx + vertical[i + dx] ** 2 <= tolerance * tolerance) {
        near++
        break
      }
    }
  }
  return { total, near }
}

/** Rows from each pixel to the nearest set pixel of its column; Infinity where the column has none. */
function verticalDistances(set: Uint8Array, width: number): Float32Array {
  const distances = new Float32Array(set.length)
  for (let i = 0; i < set.length; i++) distances[i] = set[i] ? 0 : i < width ? Infinity : distances[i - width] + 1
  for (let i = set.length - width - 1; i >= 0; i--) distances[i] = Math.min(distances[i], distances[i + width] + 1)
  return distances
}
