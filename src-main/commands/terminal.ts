import type { Progress } from '../contract/index.ts'

const barWidth = 24
const secondsBetweenLines = 10
const clearLine = '\r\u001b[2K'

/**
 * What a command says: results on standard output; progress on standard error, as a bar that moves on a terminal and as a line now and then
 * in a log.
 */
export class Terminal {
  #phase = ''
  #lastLine = -Infinity
  #barShown = false

  print(line: string): void {
    this.#clearBar()
    process.stdout.write(`${line}\n`)
  }

  /** Beside the result: advice, warnings, errors. */
  note(line: string): void {
    this.#clearBar()
    process.stderr.write(`${line}\n`)
  }

  progress = (progress: Progress): void => {
    if (process.stderr.isTTY) this.#drawBar(progress)
    else this.#logLine(progress)
  }

  #drawBar(progress: Progress): void {
    const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 1
    const filled = Math.round(share * barWidth)
    const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
    process.stderr.write(
      `${clearLine}${bar} ${describeProgress(progress)}`.slice(0, process.stderr.columns + clearLine.length),
    )
    this.#barShown = true
  }

  #clearBar(): void {
    if (this.#barShown) process.stderr.write(clearLine)
    this.#barShown = false
  }

  #logLine(progress: Progress): void {
    const now = performance.now() / 1000
    const isNew = progress.phase !== this.#phase
    const isEnd = progress.done === progress.total
    if (!isNew && !isEnd && now - this.#lastLine < secondsBetweenLines) return
    this.#phase = progress.phase
    this.#lastLine = now
    process.stderr.write(`${describeProgress(progress)}\n`)
  }
}

export function describeProgress({ phase, done, total, rate, secondsLeft, detail }: Progress): string {
  const parts = [`${phase}: ${done} of ${total}`]
  if (rate !== null) parts.push(rate >= 1 ? `${rate.toFixed(1)} a second` : `${(1 / rate).toFixed(1)} s each`)
  if (secondsLeft !== null && done < total) parts.push(`${describeSeconds(secondsLeft)} left`)
  if (detail !== undefined) parts.push(detail)
  return parts.join(', ')
}

export function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
