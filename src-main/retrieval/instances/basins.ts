/** Parts of a mask, numbered from 0; -1 outside. */
export interface Basins {
  /** (height, width), row-major. */
  labels: Int32Array
  count: number
}

/** Levels of a pixel of distance: what lies closer together is one level, taken row by row. */
const levelsPerPixel = 8

/**
 * Watershed: every pixel of a mask goes to the hill that it lies on, 8-connected. A hill that rises less than `prominence` (pixels, at its
 * peak) above the pass to a higher one is part of that one.
 *
 * @param heights (height, width), row-major; Infinity counts as flat
 * @param inside of the same size: 1 in the mask, else 0
 */
export function findBasins(
  heights: Float64Array,
  inside: Uint8Array,
  width: number,
  prominence: (peak: number) => number,
): Basins {
  const order = fromHighest(heights, inside)
  const hills = new Hills()
  const labels = new Int32Array(inside.length).fill(-1)
  const near: number[] = []
  for (const i of order) {
    near.length = 0
    let [steepest, highest] = [-1, -1]
    forEachNeighbour(i, width, inside.length, (j) => {
      if (labels[j] < 0) return
      near.push(labels[j])
      if (heights[j] > highest) [steepest, highest] = [labels[j], heights[j]]
    })
    const height = heights[i] === Infinity ? 0 : heights[i]
    labels[i] = steepest < 0 ? hills.add(height) : steepest
    for (const other of near) hills.meet(labels[i], other, height, prominence)
  }
  return hills.number(labels)
}

/** The pixels of the mask, the highest first, equal ones in their order. */
function fromHighest(heights: Float64Array, inside: Uint8Array): Int32Array {
  const levelOf = (i: number) => (heights[i] === Infinity ? 0 : Math.round(levelsPerPixel * heights[i]))
  let [highest, size] = [0, 0]
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue
    size++
    highest = Math.max(highest, levelOf(i))
  }
  const starts = new Int32Array(highest + 2)
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) starts[highest - levelOf(i) + 1]++
  for (let level = 0; level <= highest; level++) starts[level + 1] += starts[level]
  const order = new Int32Array(size)
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) order[starts[highest - levelOf(i)]++] = i
  return order
}

export function forEachNeighbour(i: number, width: number, size: number, visit: (j: number) => void): void {
  const x = i % width
  const left = x > 0
  const right = x < width - 1
  if (i >= width) {
    if (left) visit(i - width - 1)
    visit(i - width)
    if (right) visit(i - width + 1)
  }
  if (left) visit(i - 1)
  if (right) visit(i + 1)
  if (i < size - width) {
    if (left) visit(i + width - 1)
    visit(i + width)
    if (right) visit(i + width + 1)
  }
}

/** Trees of hills that are one. */
class Hills {
  readonly #parents: number[] = []
  readonly #peaks: number[] = []

  add(peak: number): number {
    this.#parents.push(this.#parents.length)
    this.#peaks.push(peak)
    return this.#parents.length - 1
  }

  #rootOf(hill: number): number {
    while (this.#parents[hill] !== hill) hill = this.#parents[hill] = this.#parents[this.#parents[hill]]
    return hill
  }

  /** Two hills meet at a pass: the lower one goes into the other where it rises too little above it. */
  meet(a: number, b: number, pass: number, prominence: (peak: number) => number): void {
    const [first, second] = [this.#rootOf(a), this.#rootOf(b)]
    if (first === second) return
    const [higher, lower] = this.#peaks[first] >= this.#peaks[second] ? [first, second] : [second, first]
    const peak = this.#peaks[lower]
    if (peak - pass < prominence(peak)) this.#parents[lower] = higher
  }

  /** Numbers the hills that are left, in the order of their first pixel. */
  number(labels: Int32Array): Basins {
    const numbers = new Map<number, number>()
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] < 0) continue
      const root = this.#rootOf(labels[i])
      const known = numbers.get(root)
      if (known === undefined) numbers.set(root, numbers.size)
      labels[i] = known ?? numbers.size - 1
    }
    return { labels, count: numbers.size }
  }
}
