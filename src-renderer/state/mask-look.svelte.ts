import { defaultLook, type Client, type Colouring } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

/** How masks look: the user's choice for all projects, kept across restarts. */
export class MaskLook {
  readonly #client: Client
  readonly #notices: Notices
  /** Of filled masks, 0 to 1. */
  opacity = $state(defaultLook.opacity)
  outlines = $state(defaultLook.outlines)
  colouring = $state<Colouring>(defaultLook.colouring)

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  async load(): Promise<void> {
    const preferences = await this.#notices.try(() => this.#client.preferences.get())
    if (preferences) Object.assign(this, preferences.look)
  }

  async keep(): Promise<void> {
    const { opacity, outlines, colouring } = this
    await this.#notices.try(() => this.#client.preferences.set({ look: { opacity, outlines, colouring } }))
  }
}
