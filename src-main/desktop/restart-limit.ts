const mostRestarts = 3
const withinMilliseconds = 60_000

/** How often something that crashes is started again by itself: three times a minute. */
export class RestartLimit {
  #restarts: number[] = []

  /** Counts a restart, where there may be one. @param now in milliseconds */
  mayRestart(now: number): boolean {
    this.#restarts = this.#restarts.filter((time) => now - time < withinMilliseconds)
    if (this.#restarts.length >= mostRestarts) return false
    this.#restarts.push(now)
    return true
  }

  reset(): void {
    this.#restarts = []
  }
}
