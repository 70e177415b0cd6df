/** Index of the sample that stands at `i` when a row of `length` is reflected at its ends without repeating them (…2 1 0 1 2…). */
export function reflected(i: number, length: number): number {
  if (length === 1) return 0
  const period = 2 * (length - 1)
  const wrapped = ((i % period) + period) % period
  return wrapped < length ? wrapped : period - wrapped
}

/**
 * Mean of `values`, or of the product `values * factor`, over the (2 radius + 1) square about each pixel, borders reflected.
 * Running sums in double precision: the cost does not depend on the radius.
 */
export class BoxMean {
  readonly width: number
  readonly height: number
  readonly #radius: number
  readonly #columnSums: Float64Array
  /** Where the columns of a row with its reflected margins are taken from. */
  readonly #padded: Uint32Array

  constructor(width: number, height: number, radius: number) {
    this.width = width
    this.height = height
    this.#radius = radius
    this.#columnSums = new Float64Array(width)
    this.#padded = Uint32Array.from({ length: width + 2 * radius }, (_, i) => reflected(i - radius, width))
  }

  /** Writes the means to `result`, which must not be one of the inputs. */
  apply(values: Float32Array, factor: Float32Array | null, result: Float32Array): Float32Array {
    const { width, height } = this
    const radius = this.#radius
    this.#columnSums.fill(0)
    for (let y = -radius; y <= radius; y++) this.#addRow(values, factor, reflected(y, height) * width)
    for (let y = 0; y < height; y++) {
      this.#averageRow(result, y * width)
      const entering = reflected(y + radius + 1, height) * width
      const leaving = reflected(y - radius, height) * width
      this.#replaceRow(values, factor, entering, leaving)
    }
    return result
  }

  #addRow(values: Float32Array, factor: Float32Array | null, row: number): void {
    const sums = this.#columnSums
    for (let x = 0; x < this.width; x++) sums[x] += factor ? values[row + x] * factor[row + x] : values[row + x]
  }

  #replaceRow(values: Float32Array, factor: Float32Array | null, entering: number, leaving: number): void {
    const { width } = this
    const sums = this.#columnSums
    if (factor) {
      for (let x = 0; x < width; x++) {
        sums[x] += values[entering + x] * factor[entering + x] - values[leaving + x] * factor[leaving + x]
      }
    } else {
      for (let x = 0; x < width; x++) sums[x] += values[entering + x] - values[leaving + x]
    }
  }

  #averageRow(result: Float32Array, row: number): void {
    const { width } = this
    const sums = this.#columnSums
    const padded = this.#padded
    const side = 2 * this.#radius + 1
    const scale = 1 / (side * side)
    let sum = 0
    for (let k = 0; k < side; k++) sum += sums[padded[k]]
    result[row] = sum * scale
    for (let x = 1; x < width; x++) {
      sum += sums[padded[x + side - 1]] - sums[padded[x - 1]]
      result[row + x] = sum * scale
    }
  }
}
