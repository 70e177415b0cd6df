import type { Source } from './image-views.ts'

/**
 * Decoded images, up to so many bytes. Once full it stays as it is: every epoch reads every image once, in another order, so what was
 * dropped for a newer one would be wanted as soon as that one.
 */
export class SourceCache {
  readonly #limit: number
  readonly #sources = new Map<number, Source>()
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(image: number): Source | null {
    return this.#sources.get(image) ?? null
  }

  /** Kept where there is room. */
  add(image: number, source: Source): void {
    if (this.#sources.has(image) || this.#bytes + source.data.length > this.#limit) return
    this.#sources.set(image, source)
    this.#bytes += source.data.length
  }
}
