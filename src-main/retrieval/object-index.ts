import type { ObjectChunk, ObjectMatch } from './object-matches.ts'

/** A chunk with the image of each object. */
export interface IndexedChunk extends ObjectChunk {
  imageIds: ArrayLike<number>
  dimensions: number
}

/** Numbers of an embedding that a search looks at first: the last ones, of its largest components. A multiple of four. */
const headLength = 64
/** What sums in another order may differ by. */
const rounding = 1e-5

/** The embeddings of a folder's objects in memory, for exact answers: 100,000 of 320 numbers are 128 MB. */
export class ObjectIndex {
  #size = 0
  #dimensions = 0
  #ids = new Float64Array(0)
  #imageIds = new Float64Array(0)
  /** (room for objects, dimensions), row-major, unit rows. */
  #rows = new Float32Array(0)
  /** The last numbers of each row once more, side by side, and the length of the others: what a search looks at first. */
  #heads = new Float32Array(0)
  #tailLengths = new Float32Array(0)

  get size(): number {
    return this.#size
  }

  add({ ids, imageIds, dimensions, embeddings }: IndexedChunk): void {
    this.#dimensions = dimensions
    const size = this.#size + ids.length
    if (size > this.#ids.length) this.#grow(Math.max(size, 2 * this.#ids.length))
    this.#ids.set(ids, this.#size)
    this.#imageIds.set(imageIds, this.#size)
    this.#rows.set(embeddings, this.#size * dimensions)
    for (let row = this.#size; row < size; row++) {
      const { head, tailLength } = divide(this.#row(row))
      this.#heads.set(head, row * headLength)
      this.#tailLengths[row] = tailLength
    }
    this.#size = size
  }

  /**
   * The most alike first, equal ones in the order in which they were added: exact. The numbers of an embedding are principal components,
   * the largest last, so the last ones say most: with these alone each cosine is known to within the product of the lengths of what is left out, and only
   * what may be among the most alike is looked at in full.
   *
   * @param query unit length
   */
  nearest(query: ArrayLike<number>, count: number): ObjectMatch[] {
    const wanted = Math.min(count, this.#size)
    if (wanted === 0) return []
    const vector = Float32Array.from(query)
    const { head, tailLength: tail } = divide(vector)
    const products = this.#headProducts(head)
    const lower = products.map((product, row) => product - tail * this.#tailLengths[row])
    const least = largestButOneBin(lower, wanted) - rounding
    const candidates: ObjectMatch[] = []
    for (let row = 0; row < this.#size; row++)
      if (products[row] + tail * this.#tailLengths[row] >= least)
        candidates.push({ id: this.#ids[row], similarity: dot(this.#row(row), vector) })
    return candidates.sort((a, b) => b.similarity - a.similarity).slice(0, wanted)
  }

  #headProducts(part: Float32Array): Float32Array {
    const heads = this.#heads
    const products = new Float32Array(this.#size)
    const head = new Float32Array(headLength)
    head.set(part)
    for (let row = 0, at = 0; row < this.#size; row++) {
      let [a, b, c, d] = [0, 0, 0, 0]
      for (let i = 0; i < headLength; i += 4, at += 4) {
        a += heads[at] * head[i]
        b += heads[at + 1] * head[i + 1]
        c += heads[at + 2] * head[i + 2]
        d += heads[at + 3] * head[i + 3]
      }
      products[row] = a + b + (c + d)
    }
    return products
  }

  /** Of each object with a vector of their length. */
  products(vector: Float32Array): Float32Array {
    return Float32Array.from({ length: this.#size }, (_, row) => dot(this.#row(row), vector))
  }

  /** The ids, in the order of the rows. */
  ids(): Float64Array {
    return this.#ids.slice(0, this.#size)
  }

  /** Some rows, evenly spread. @returns (at most `most`, dimensions) */
  sample(most: number): Float32Array[] {
    const count = Math.min(most, this.#size)
    return Array.from({ length: count }, (_, i) => this.#row(Math.floor((i * this.#size) / count)))
  }

  /** For each image the mean of its objects, at unit length. */
  imageMeans(): Map<number, Float32Array> {
    const sums = new Map<number, Float32Array>()
    for (let row = 0; row < this.#size; row++) {
      const sum = sums.get(this.#imageIds[row]) ?? new Float32Array(this.#dimensions)
      const values = this.#row(row)
      for (let i = 0; i < sum.length; i++) sum[i] += values[i]
      sums.set(this.#imageIds[row], sum)
    }
    for (const sum of sums.values()) {
      const length = Math.hypot(...sum) || 1
      for (let i = 0; i < sum.length; i++) sum[i] /= length
    }
    return sums
  }

  #row(row: number): Float32Array {
    return this.#rows.subarray(row * this.#dimensions, (row + 1) * this.#dimensions)
  }

  #grow(room: number): void {
    const [ids, imageIds, rows] = [this.#ids, this.#imageIds, this.#rows]
    this.#ids = new Float64Array(room)
    this.#imageIds = new Float64Array(room)
    this.#rows = new Float32Array(room * this.#dimensions)
    const [heads, tailLengths] = [this.#heads, this.#tailLengths]
    this.#heads = new Float32Array(room * headLength)
    this.#tailLengths = new Float32Array(room)
    this.#heads.set(heads)
    this.#tailLengths.set(tailLengths)
    this.#ids.set(ids)
    this.#imageIds.set(imageIds)
    this.#rows.set(rows)
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let [even, odd] = [0, 0]
  let i = 0
  for (; i + 1 < a.length; i += 2) {
    even += a[i] * b[i]
    odd += a[i + 1] * b[i + 1]
  }
  return i < a.length ? even + odd + a[i] * b[i] : even + odd
}

/** What is looked at first, and the length of the rest. */
function divide(row: Float32Array): { head: Float32Array; tailLength: number } {
  const start = Math.max(0, row.length - headLength)
  return { head: row.subarray(start), tailLength: lengthOf(row.subarray(0, start)) }
}

function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector))
}

const bins = 4096
/** Cosines and their bounds lie well between minus and plus this. */
const extent = 4

/** Hardly below the `rank`-th largest of the values, from 1: counted in bins, which is quicker than sorting them. */
function largestButOneBin(values: Float32Array, rank: number): number {
  const counts = new Uint32Array(bins)
  const binOf = bins / (2 * extent)
  for (const value of values) counts[Math.floor((value + extent) * binOf)]++
  let above = 0
  for (let bin = bins - 1; bin >= 0; bin--) {
    above += counts[bin]
    if (above >= rank) return bin / binOf - extent
  }
  return -extent
}
