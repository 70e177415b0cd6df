/**
 * Euclidean distance transform with costs: at every pixel p the root of the smallest |p - q|^2 + cost(q) over all pixels q. A cost of 0
 * makes q a boundary, a high one a boundary that only counts for what lies further in. What lies beyond the picture costs nothing and
 * bounds nothing. Exact, in time linear in the pixels (Felzenszwalb and Huttenlocher 2012).
 *
 * @param costs (height, width), row-major, from 0 to Infinity
 * @returns (height, width), in pixels; Infinity where no cost is finite
 */
export function distancesToBoundary(costs: Float64Array, width: number, height: number): Float64Array {
  const squared = costs.slice()
  const envelope = new LowerEnvelope(Math.max(width, height))
  for (let x = 0; x < width; x++) envelope.transform(squared, x, width, height)
  for (let y = 0; y < height; y++) envelope.transform(squared, y * width, 1, width)
  for (let i = 0; i < squared.length; i++) squared[i] = Math.sqrt(squared[i])
  return squared
}

/** The lower envelope of the parabolas (p - q)^2 + cost(q) along one line. */
class LowerEnvelope {
  readonly #costs: Float64Array
  /** Where the parabolas of the envelope have their lowest point, left to right. */
  readonly #vertices: Int32Array
  /** From where each of them is the lowest. */
  readonly #starts: Float64Array

  constructor(longest: number) {
    this.#costs = new Float64Array(longest)
    this.#vertices = new Int32Array(longest)
    this.#starts = new Float64Array(longest)
  }

  /** Replaces every value of a line of an array, `count` values `stride` apart, by the envelope's. */
  transform(values: Float64Array, offset: number, stride: number, count: number): void {
    const costs = this.#costs
    for (let q = 0; q < count; q++) costs[q] = values[offset + q * stride]
    const size = this.#build(count)
    if (size === 0) return
    for (let p = 0, k = 0; p < count; p++) {
      while (k + 1 < size && this.#starts[k + 1] <= p) k++
      const q = this.#vertices[k]
      values[offset + p * stride] = (p - q) ** 2 + costs[q]
    }
  }

  /** @returns how many parabolas it has */
  #build(count: number): number {
    const costs = this.#costs
    let size = 0
    for (let q = 0; q < count; q++) {
      if (costs[q] === Infinity) continue
      let start = -Infinity
      while (size > 0) {
        const other = this.#vertices[size - 1]
        start = (costs[q] + q * q - costs[other] - other * other) / (2 * (q - other))
        if (start > this.#starts[size - 1]) break
        size--
        start = -Infinity
      }
      this.#vertices[size] = q
      this.#starts[size++] = start
    }
    return size
  }
}
