import type { Click, ClickReadiness, Client, RunLengths } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

/** Objects by clicks, in the image that is shown. */
export class Clicks {
  readonly #client: Client
  readonly #notices: Notices
  #readiness = $state<ClickReadiness>('no-tokens')
  #imageId: number | null = null
  /** The image that the readiness is of. */
  #preparedId: number | null = null

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get readiness(): ClickReadiness {
    return this.#readiness
  }

  async prepare(imageId: number): Promise<void> {
    this.#imageId = imageId
    const answer = await this.#notices.try(() => this.#client.clicks.prepare({ imageId }))
    if (!answer || imageId !== this.#imageId) return
    this.#readiness = answer.readiness
    this.#preparedId = imageId
  }

  /** Null where nothing is there, or what it takes is not there yet, which is no error: `readiness` says so. */
  async segment(imageId: number, clicks: readonly Click[], reach: number): Promise<RunLengths | null> {
    const isReady = () => this.#preparedId === imageId && this.#readiness === 'ready'
    if (!isReady()) await this.prepare(imageId)
    if (!isReady()) return null
    const answer = await this.#notices.try(() => this.#client.clicks.segment({ imageId, clicks: [...clicks], reach }))
    return answer?.mask ?? null
  }
}
