import { uniformStream } from '../philox.ts'
import { drawsFrom } from './draws.ts'

/**
 * Which images make which batch. Each epoch is a shuffle of all images; the epochs follow one another without a gap and are cut into
 * batches, so a batch may hold the end of one epoch and the beginning of the next. The authors drop the rest of an epoch that fills no
 * batch, which a folder smaller than a batch would not survive; so every batch is full, and every image is seen equally often. An image
 * is twice in a batch only where the batch spans two epochs, with views of its own each time.
 *
 * Nothing is kept for resuming: a batch follows from the seed and its step.
 */
export class ShuffledEpochs {
  readonly images: number
  readonly batch: number
  readonly #seed: number
  readonly #shuffles = new Map<number, Uint32Array>()

  /** @throws RangeError where there is no image, or nothing in a batch. */
  constructor({ images, batch, seed }: { images: number; batch: number; seed: number }) {
    if (images < 1 || batch < 1) throw new RangeError(`Batches of ${batch} of ${images} images`)
    this.images = images
    this.batch = batch
    this.#seed = seed
  }

  /** The images, by number from 0, of the batch of a step from 0. */
  batchAt(step: number): number[] {
    const start = step * this.batch
    return Array.from({ length: this.batch }, (_, i) => this.#imageAt(start + i))
  }

  /** The epoch, from 0, that a step begins in. */
  epochAt(step: number): number {
    return Math.floor((step * this.batch) / this.images)
  }

  /** The first step that begins in an epoch. */
  firstStepOf(epoch: number): number {
    return Math.ceil((epoch * this.images) / this.batch)
  }

  #imageAt(place: number): number {
    return this.#shuffle(Math.floor(place / this.images))[place % this.images]
  }

  #shuffle(epoch: number): Uint32Array {
    let shuffle = this.#shuffles.get(epoch)
    if (shuffle === undefined) {
      shuffle = Uint32Array.from(drawsFrom(uniformStream(this.#seed, 'epochs', [epoch, 0, 0])).permutation(this.images))
      // Batches are made in order: the shuffles before the last are done with.
      for (const known of this.#shuffles.keys()) if (known < epoch - 1) this.#shuffles.delete(known)
      this.#shuffles.set(epoch, shuffle)
    }
    return shuffle
  }
}
