import type { OnProgress } from '../contract/index.ts'

const windowSeconds = 15
const secondsBetweenReports = 0.1

/** Counts what is done of one phase, and tells the rate over the recent past and the time that is left. */
export class ProgressMeter {
  readonly #phase: string
  readonly #total: number
  readonly #onProgress: OnProgress | undefined
  readonly #now: () => number
  #done: number
  #detail: string | undefined
  #lastReport = -Infinity
  /** When how much was done, over the window. */
  #marks: { seconds: number; done: number }[]

  /**
   * @param now seconds of a clock that never goes back.
   * @param done before: it counts for how far it is, not for the rate.
   */
  constructor(
    phase: string,
    total: number,
    onProgress?: OnProgress,
    { now = () => performance.now() / 1000, done = 0 }: { now?: () => number; done?: number } = {},
  ) {
    this.#phase = phase
    this.#total = total
    this.#onProgress = onProgress
    this.#now = now
    this.#done = done
    this.#marks = [{ seconds: now(), done }]
    this.#report()
  }

  /** @param detail what else is to be seen from now on */
  advance(count = 1, detail?: string): void {
    const seconds = this.#now()
    this.#done += count
    this.#detail = detail ?? this.#detail
    this.#marks.push({ seconds, done: this.#done })
    while (this.#marks.length > 2 && seconds - this.#marks[0].seconds > windowSeconds) this.#marks.shift()
    if (this.#done >= this.#total || seconds - this.#lastReport >= secondsBetweenReports) this.#report()
  }

  #report(): void {
    this.#lastReport = this.#now()
    const rate = this.#rate()
    this.#onProgress?.({
      phase: this.#phase,
      done: this.#done,
      total: this.#total,
      rate,
      secondsLeft: rate === null ? null : Math.max(0, this.#total - this.#done) / rate,
      ...(this.#detail !== undefined && { detail: this.#detail }),
    })
  }

  #rate(): number | null {
    const [first] = this.#marks
    const last = this.#marks[this.#marks.length - 1]
    const seconds = last.seconds - first.seconds
    const count = last.done - first.done
    return seconds > 0 && count > 0 ? count / seconds : null
  }
}
