import type { HostEvent, ListedImage } from '../contract/index.ts'
import { knownSuggestions, suggestionsAreCurrent } from '../workflow/index.ts'
import type { Host } from './host.ts'
import { suggestion } from './job-plans.ts'

const settleMilliseconds = 3000

/** Which images to label next: asked of the engine in the background, when nobody has changed labels for a while. */
export class Suggestions {
  readonly #host: Host
  #timer: NodeJS.Timeout | undefined
  #jobId: number | null = null
  /** Labels or objects may have changed since that was looked at, which is not done with each event. */
  #isUnsure = true

  constructor(host: Host) {
    this.#host = host
    host.subscribe((event) => this.#hear(event))
  }

  /** What is known now, the best first, without what was labelled since. */
  images(): ListedImage[] {
    const { project } = this.#host
    if (this.#isUnsure && !this.#timer) this.#askSoon()
    const { store } = project
    return knownSuggestions(project)
      .flatMap((id) => store.imageList.get(id) ?? [])
      .filter(({ accepted }) => accepted === 0)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isUnsure = true
  }

  #hear({ type }: HostEvent): void {
    if (type !== 'annotations-changed' && type !== 'suggestions-changed') return
    this.#isUnsure = true
    if (this.#timer) this.#askSoon()
  }

  #askSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), settleMilliseconds)
  }

  #ask(): void {
    this.#timer = undefined
    this.#isUnsure = false
    const { jobs, project } = this.#host
    if (suggestionsAreCurrent(project)) return
    if (this.#jobId !== null) jobs.cancel(this.#jobId)
    this.#jobId = jobs.start(suggestion(this.#host))
  }
}
