import { Connection, type Channel, type Client, type HostEvent } from '../../src-main/contract/index.ts'
import { connectAgain } from '../connection/connect-again.ts'

interface LineListeners {
  onEvent: (event: HostEvent) => void
  /** The host can be asked again; only when this resolves is the line open. */
  onReturn: () => Promise<void>
}

/** The page's line to its host. Where it is lost it is made again by itself; until then calls fail, and the page takes no edits. */
export class Line {
  readonly #connection: Connection
  readonly #connect: () => Promise<Channel>
  readonly #listeners: LineListeners
  #state = $state<'open' | 'lost' | 'given-up'>('open')

  constructor(channel: Channel, connect: () => Promise<Channel>, listeners: LineListeners) {
    this.#connect = connect
    this.#listeners = listeners
    this.#connection = new Connection(channel, {
      onEvent: listeners.onEvent,
      onLost: () => {
        if (this.#state === 'open') void this.reopen()
      },
    })
  }

  /** Stays the same, whichever host answers. */
  get client(): Client {
    return this.#connection.client
  }

  get state(): 'open' | 'lost' | 'given-up' {
    return this.#state
  }

  /** The host ends again and again: it is asked for no more, until `reopen`. */
  giveUp(): void {
    this.#state = 'given-up'
  }

  async reopen(): Promise<void> {
    this.#state = 'lost'
    const isLost = () => this.#state === 'lost'
    while (isLost()) {
      const channel = await connectAgain(this.#connect, isLost)
      if (channel === null) return
      this.#connection.goOn(channel)
      try {
        await this.#listeners.onReturn()
        if (isLost()) this.#state = 'open'
      } catch {
        // lost again meanwhile
      }
    }
  }
}
