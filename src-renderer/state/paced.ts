/** Events that come in a burst cause one reload. */
export const settleMilliseconds = 60
/** Events that come without end, as while proposals do, cause one each second: what answers has other work too. */
const pauseMilliseconds = 1000

/** Work that is called for by events: done once for a burst of them, and with a pause from one time to the next. */
export class Paced {
  readonly #work: () => Promise<void>
  #timer: ReturnType<typeof setTimeout> | undefined
  #doneAt = -Infinity
  #isDoing = false
  /** Called for while it was done. */
  #again = false

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  call(): void {
    if (this.#isDoing) {
      this.#again = true
      return
    }
    if (this.#timer !== undefined) return
    const wait = Math.max(settleMilliseconds, this.#doneAt + pauseMilliseconds - performance.now())
    this.#timer = setTimeout(() => void this.#do(), wait)
  }

  async #do(): Promise<void> {
    this.#timer = undefined
    this.#isDoing = true
    await this.#work()
    this.#isDoing = false
    this.#doneAt = performance.now()
    if (!this.#again) return
    this.#again = false
    this.call()
  }
}
