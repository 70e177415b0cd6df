import type { HostEvent, ListedImage } from '../contract/index.ts'
import { knownSuggestions } from '../workflow/index.ts'
import type { Host } from './host.ts'
import { suggestion } from './job-plans.ts'

/** Which images to label next: asked of the engine in the background, when nobody has changed labels for a while. */
const settleMilliseconds = 3000

export class Suggestions {
  readonly #host: Host
  #timer: NodeJS.Timeout | undefined
  #jobId: number | null = null

  constructor(host: Host) {
    this.#host = host
    host.subscribe((event) => this.#hear(event))
  }

  /** What is known now, the best first, without what was labelled since. */
  images(): ListedImage[] {
    const { store } = this.#host.project
    const { imageIds, current } = knownSuggestions(this.#host.project)
    if (!current) this.#askSoon()
    return imageIds.flatMap((id) => store.imageList.get(id) ?? []).filter(({ accepted }) => accepted === 0)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #hear({ type }: HostEvent): void {
    if (type === 'annotations-changed' && this.#timer) this.#askSoon()
  }

  #askSoon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), settleMilliseconds)
  }

  #ask(): void {
    this.#timer = undefined
    const { jobs } = this.#host
    if (this.#jobId !== null) jobs.cancel(this.#jobId)
    this.#jobId = jobs.start(suggestion(this.#host))
  }
}
