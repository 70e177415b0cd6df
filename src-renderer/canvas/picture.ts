/** No smaller copies than this, in pixels of the longer side: below, nothing is gained. */
const smallest = 1024

/** The pixels of an image in full, and halved again and again: a large image that is seen small is drawn from a small copy. */
export class Picture {
  /** Each half as large as the one before. */
  readonly #levels: readonly ImageBitmap[]

  private constructor(levels: readonly ImageBitmap[]) {
    this.#levels = levels
  }

  /**
   * Loads a picture to be shown for a while. One of the two is called, unless the end comes first.
   *
   * @returns what ends the showing and frees the memory
   */
  static show(imageId: number, onLoaded: (picture: Picture) => void, onFailed: () => void): () => void {
    const controller = new AbortController()
    const loading = Picture.#load(imageId, controller.signal)
    loading.then(
      (loaded) => {
        if (!controller.signal.aborted) onLoaded(loaded)
      },
      () => {
        if (!controller.signal.aborted) onFailed()
      },
    )
    return () => {
      controller.abort()
      void loading.then((loaded) => loaded.#close()).catch(() => undefined)
    }
  }

  /** Decoded beside the page's own work. Rejects where it cannot be read or decoded, or the signal says so. */
  static async #load(imageId: number, signal: AbortSignal): Promise<Picture> {
    const answer = await fetch(`/images/${imageId}`, { signal })
    if (!answer.ok) throw new Error(`The image was answered with ${answer.status}.`)
    const levels = [await createImageBitmap(await answer.blob())]
    for (let last = levels[0]; Math.max(last.width, last.height) > smallest; last = levels[levels.length - 1]) {
      signal.throwIfAborted()
      levels.push(await halve(last))
    }
    return new Picture(levels)
  }

  /** The smallest copy that has a pixel for each pixel of the screen. @param scale pixels of the screen a pixel of the image */
  levelFor(scale: number): ImageBitmap {
    const level = Math.floor(Math.log2(1 / Math.max(scale, 1e-6)))
    return this.#levels[Math.min(this.#levels.length - 1, Math.max(0, level))]
  }

  #close(): void {
    for (const level of this.#levels) level.close()
  }
}

function halve(bitmap: ImageBitmap): Promise<ImageBitmap> {
  return createImageBitmap(bitmap, {
    resizeWidth: Math.ceil(bitmap.width / 2),
    resizeHeight: Math.ceil(bitmap.height / 2),
    resizeQuality: 'medium',
  })
}
