import type { Client, ListedImage } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

/** Images that are worth labelling next, one at a time. */
export class Suggestions {
  readonly #client: Client
  readonly #notices: Notices
  #images = $state.raw<readonly ListedImage[]>([])
  #passed = $state.raw<ReadonlySet<number>>(new Set())

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get best(): ListedImage | null {
    return this.#images.find(({ id }) => !this.#passed.has(id)) ?? null
  }

  get hasAnother(): boolean {
    return this.#images.filter(({ id }) => !this.#passed.has(id)).length > 1
  }

  /** Not this one. */
  pass(): void {
    if (this.best) this.#passed = new Set([...this.#passed, this.best.id])
  }

  reset(): void {
    this.#images = []
    this.#passed = new Set()
  }

  async reload(): Promise<void> {
    const found = await this.#notices.try(() => this.#client.images.suggestions())
    if (found) this.#images = found.images
  }
}
