import { setTimeout as pause } from 'node:timers/promises'
import { throwIfCancelled } from '../../contract/index.ts'
import type { Reading } from '../../tensorflow/index.ts'
import { BLOCK, PartFile } from './part-file.ts'
import { type Answer, ask, BrokenOff, failed, type Patience } from './server.ts'

export interface RemoteOptions {
  patience: Patience
  signal?: AbortSignal | undefined
  /** Told how much of the file is here, and the length of the whole one where that is what comes and is known. */
  onHeld: (bytes: number, whole: number | null) => void
}

/** So much is noted at once of what came, for a later download. */
const BYTES_BETWEEN_SAVES = 2 ** 25

/** A file on a server: fetched in the parts that a reader asks for where the server can send parts, else as a whole. */
export class RemoteFile implements Disposable {
  readonly path: string
  readonly received: 'ranges' | 'whole'
  readonly #part: PartFile
  readonly #options: RemoteOptions
  #unsaved = 0

  private constructor(address: string, part: PartFile, received: 'ranges' | 'whole', options: RemoteOptions) {
    this.path = address
    this.received = received
    this.#part = part
    this.#options = options
  }

  /**
   * Asks for the beginning of the file; where the server then sends all of it, takes it.
   *
   * @param partPath where what comes is kept until the download is over.
   * @throws CribsheetError download-failed, cancelled, disk-full
   */
  static async open(address: string, partPath: string, options: RemoteOptions): Promise<RemoteFile> {
    return withRetries(
      address,
      options,
      () => 0,
      async () => {
        const answer = await ask(address, [0, BLOCK], options.patience, options.signal)
        const { isRange, size, entityTag } = answer
        const part = new PartFile(partPath, { address, size, entityTag })
        const file = new RemoteFile(address, part, isRange ? 'ranges' : 'whole', options)
        try {
          await file.#take(answer, 0, isRange ? Math.min(BLOCK, size ?? BLOCK) : size)
          return file
        } catch (error) {
          file[Symbol.dispose]()
          throw error
        }
      },
    )
  }

  /** In bytes. */
  get size(): number {
    return (this.received === 'ranges' ? this.#part.version.size : null) ?? this.#part.bytes
  }

  /** Drives a reader, fetching what it asks for and is not there yet. @throws CribsheetError download-failed, cancelled, disk-full */
  async read<Result>(reading: Reading<Result>): Promise<Result> {
    let step = reading.next()
    while (!step.done) {
      const { offset, length } = step.value
      if (this.received === 'ranges') await this.#fetch(offset, length)
      step = reading.next(this.#part.read(offset, length))
    }
    return step.value
  }

  /** All of it, for a checksum. */
  *chunks(): Generator<Uint8Array> {
    const step = 2 ** 24
    for (let at = 0; at < this.size; at += step)
      yield new Uint8Array(this.#part.read(at, Math.min(step, this.size - at)))
  }

  /** Forgets what came: it was wrong, or is no longer needed. */
  remove(): void {
    this.#part.remove()
  }

  [Symbol.dispose](): void {
    this.#part[Symbol.dispose]()
  }

  async #fetch(offset: number, length: number): Promise<void> {
    await withRetries(
      this.path,
      this.#options,
      () => this.#part.heldBytes,
      async () => {
        for (const [first, end] of this.#part.missing(offset, length)) {
          const range: [number, number] = [first, Math.min(end, this.size)]
          const answer = await ask(this.path, range, this.#options.patience, this.#options.signal)
          if (!answer.isRange || answer.size !== this.size || answer.entityTag !== this.#part.version.entityTag) {
            await answer.discard()
            this.remove()
            throw failed(this.path, 'The file on the server changed meanwhile.')
          }
          await this.#take(answer, first, range[1] - first)
        }
      },
    )
  }

  /** Writes what comes in whole blocks; what broke off within a block is lost. */
  async #take(answer: Answer, first: number, length: number | null): Promise<void> {
    let offset = first
    let pending: Uint8Array[] = []
    let bytes = 0
    const flush = (isLast: boolean) => {
      const together = Buffer.concat(pending)
      const count = isLast ? together.length : together.length - (together.length % BLOCK)
      this.#part.write(offset, together.subarray(0, count), isLast)
      offset += count
      pending = [together.subarray(count)]
      this.#options.onHeld(this.#part.heldBytes, this.received === 'whole' ? this.#part.version.size : null)
      this.#saveNowAndThen(count)
    }
    try {
      for await (const chunk of answer.body) {
        pending.push(chunk)
        bytes += chunk.length
        if (length !== null && bytes > length) throw failed(this.path, 'The server sent more than it was asked for.')
        if (pending.length >= 16) flush(false)
      }
      if (length !== null && bytes < length) throw new BrokenOff(`${bytes} of ${length} bytes came`)
      flush(true)
    } catch (error) {
      flush(false)
      throw error
    } finally {
      this.#part.save()
    }
  }

  #saveNowAndThen(count: number): void {
    this.#unsaved += count
    if (this.#unsaved < BYTES_BETWEEN_SAVES) return
    this.#part.save()
    this.#unsaved = 0
  }
}

/** Tries again where a connection broke off; a try in which something came does not count. */
async function withRetries<Result>(
  address: string,
  { patience, signal }: RemoteOptions,
  held: () => number,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    throwIfCancelled(signal)
    const before = held()
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error
      if (held() > before) attempt = 0
      if (attempt >= patience.retries) throw failed(address, `The connection broke off: ${error.message}.`, error)
      await pause(patience.pauseMilliseconds * 2 ** attempt, undefined, { signal }).catch(() => undefined)
    }
  }
}
