import { CribsheetError, type ErrorCode } from '../../contract/index.ts'
import { threadFile, ThreadPool } from '../../threads/index.ts'
import { PATCH } from '../architecture.ts'
import type { ShuffledEpochs } from './epochs.ts'
import type { Place, Source } from './image-views.ts'
import type { ViewSettings } from './settings.ts'
import { SourceCache } from './source-cache.ts'

/** What a thread is asked: the views of one image, for one place of a batch. */
export interface ViewRequest {
  file: string
  /** Where the image was decoded before. */
  source: Source | null
  place: Place
  settings: ViewSettings
}

/** The decoded image where it was not given; or why it cannot be read. */
export type ViewReply =
  | { source: Source | null; unreadable?: undefined }
  | { unreadable: { code: ErrorCode; message: string; advice: string } }

/** The views of one step's images. */
export interface ViewBatch {
  /** The number of the image at each place, (B). */
  images: number[]
  /** RGB bytes (V, B, S, S, 3). */
  pixels: Uint8Array
  /** Of every patch, in pixels of its source image, x then y: (V, B, n, 2). */
  positions: Float32Array
}

export interface ViewPoolOptions {
  /** The images to train on and no others, by number. */
  files: readonly string[]
  epochs: ShuffledEpochs
  settings: ViewSettings
  seed: number
  /** Most threads at once. Default: one a core. */
  threads?: number
  /** Batches that are made while another one is used. Default: 2. */
  ahead?: number
  /** Most bytes of decoded images kept. Default: 1 GiB. */
  cacheBytes?: number
  /** Told once of every image that cannot be read. */
  onUnreadable?: (error: CribsheetError) => void
}

/**
 * Makes batches of views in threads, ahead of the network that takes them. A batch follows from the seed and the step alone, however
 * many threads there are. The place of an image that cannot be read is given to the next one, by number, that can.
 */
export class ViewPool {
  readonly #options: Required<Omit<ViewPoolOptions, 'threads' | 'cacheBytes'>>
  readonly #threads: ThreadPool<ViewRequest, ViewReply>
  readonly #cache: SourceCache
  readonly #unreadable = new Map<number, CribsheetError>()
  /** Batches begun, by step. */
  readonly #begun = new Map<number, Promise<ViewBatch>>()

  constructor({
    threads,
    cacheBytes = 2 ** 30,
    ahead = 2,
    onUnreadable = () => undefined,
    ...options
  }: ViewPoolOptions) {
    if (options.settings.size % PATCH)
      throw new RangeError(`Views of ${options.settings.size} pixels: no multiple of 16`)
    if (options.epochs.images !== options.files.length)
      throw new RangeError(`${options.files.length} files, but epochs of ${options.epochs.images} images`)
    this.#options = { ahead, onUnreadable, ...options }
    this.#threads = new ThreadPool(() => threadFile(import.meta.url, './view-worker.ts', 'views.js'), threads)
    this.#cache = new SourceCache(cacheBytes)
  }

  /**
   * The batch of a step; those of the next steps are begun. The arrays are the caller's own.
   *
   * @throws CribsheetError the last image's where none can be read; unexpected where a thread died; cancelled where the pool is closed.
   */
  batch(step: number): Promise<ViewBatch> {
    for (const begun of this.#begun.keys())
      if (begun < step || begun > step + this.#options.ahead) this.#begun.delete(begun)
    const batch = this.#begin(step)
    for (let next = step + 1; next <= step + this.#options.ahead; next++) void this.#begin(next)
    return batch
  }

  /** From the next batch that is begun on, the image counts as one that cannot be read. */
  passOver(image: number, error: CribsheetError): void {
    this.#unreadable.set(image, error)
  }

  /** Ends the threads; batches that are not finished are rejected as cancelled. */
  async close(): Promise<void> {
    this.#begun.clear()
    await this.#threads.close()
  }

  #begin(step: number): Promise<ViewBatch> {
    let batch = this.#begun.get(step)
    if (batch === undefined) {
      batch = this.#make(step)
      batch.catch(() => undefined) // thrown where it is asked for, if it ever is
      this.#begun.set(step, batch)
    }
    return batch
  }

  async #make(step: number): Promise<ViewBatch> {
    const { epochs, settings, seed } = this.#options
    const images = epochs.batchAt(step)
    const batch = images.length
    const count = settings.views.length * batch
    const pixels = new Uint8Array(new SharedArrayBuffer(count * settings.size ** 2 * 3))
    const patches = (settings.size / PATCH) ** 2
    const positions = new Float32Array(new SharedArrayBuffer(count * patches * 2 * 4))
    const used = await Promise.all(
      images.map((image, place) => this.#fillPlace(image, { seed, step, place, pixels, positions, batch })),
    )
    return { images: used, pixels, positions }
  }

  /** The number of the image whose views are at the place: the one wanted, or the next that can be read. */
  async #fillPlace(wanted: number, place: Place): Promise<number> {
    const { files } = this.#options
    for (let offset = 0; offset < files.length; offset++) {
      const image = (wanted + offset) % files.length
      if (!this.#unreadable.has(image) && (await this.#tryImage(image, place))) return image
    }
    throw this.#unreadable.get(wanted) ?? new RangeError(`no image ${wanted}`)
  }

  async #tryImage(image: number, place: Place): Promise<boolean> {
    const { files, settings, onUnreadable } = this.#options
    const request = { file: files[image], source: this.#cache.get(image), place, settings }
    const reply = await this.#threads.run(request).catch((cause: unknown) => {
      throw threadDied(files[image], cause)
    })
    if (!reply.unreadable) {
      if (reply.source) this.#cache.add(image, reply.source)
      return true
    }
    if (!this.#unreadable.has(image)) {
      const { code, message, advice } = reply.unreadable
      const error = new CribsheetError(code, message, { file: files[image], advice })
      this.#unreadable.set(image, error)
      onUnreadable(error)
    }
    return false
  }
}

function threadDied(file: string, cause: unknown): CribsheetError {
  if (cause instanceof CribsheetError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CribsheetError('unexpected', `The thread that made this image's views ended: ${why}`, {
    file,
    advice: 'Start again; if it happens again with the same image, take the image out of the folder.',
    cause,
  })
}
