import { decodeImage, decodeResized, type RgbImage, type Size } from '../images/index.ts'

/** What is kept in memory, in bytes. */
const room = 200e6

/** Decoded images, the last ones kept: many crops are cut from one image. One is decoded at a time, which bounds the memory. */
export class DecodedImages {
  readonly #kept = new Map<string, RgbImage>()
  #bytes = 0
  #last: Promise<unknown> = Promise.resolve()

  /**
   * The upright image at a part of its size.
   *
   * @param image its size in full, and a name for its content
   * @throws CribsheetError as decodeImage
   */
  get(file: string, image: Size & { hash: string }, scale: number): Promise<RgbImage> {
    const decoded = this.#last.then(() => this.#get(file, image, scale))
    this.#last = decoded.catch(() => undefined)
    return decoded
  }

  async #get(file: string, { width, height, hash }: Size & { hash: string }, scale: number): Promise<RgbImage> {
    const key = `${hash} ${scale}`
    const known = this.#kept.get(key)
    if (known) {
      this.#kept.delete(key)
      this.#kept.set(key, known) // the last to go
      return known
    }
    const side = (pixels: number) => Math.max(1, Math.round(pixels * scale))
    const size = { width: side(width), height: side(height) }
    const decoded = scale === 1 ? await decodeImage(file) : await decodeResized(file, size)
    this.#keep(key, decoded)
    return decoded
  }

  #keep(key: string, image: RgbImage): void {
    this.#kept.set(key, image)
    this.#bytes += image.data.byteLength
    for (const [oldest, { data }] of this.#kept) {
      if (this.#bytes <= room || oldest === key) return
      this.#kept.delete(oldest)
      this.#bytes -= data.byteLength
    }
  }
}
