import type { Channel } from './channel.ts'
import { messageToError } from './error-message.ts'
import { CribsheetError } from './errors.ts'
import type { HostEvent } from './events.ts'
import { fromHostSchema, type CallMessage, type FromHost } from './messages.ts'
import type { Calls, ProcedureTree } from './procedure.ts'
import { procedures, type Procedures } from './procedures/index.ts'

export type Client = Calls<Procedures>

interface Waiting {
  resolve: (output: unknown) => void
  reject: (error: unknown) => void
}

export interface ConnectionListeners {
  onEvent: (event: HostEvent) => void
  /** Calls that wait have failed, and so do others, until `goOn`. */
  onLost: () => void
}

/** The page's end of the contract: calls are matched with their answers, events go to `onEvent`. */
export class Connection {
  /** @throws (each call) CribsheetError what the host threw; connection-lost */
  readonly client: Client
  readonly #listeners: ConnectionListeners
  #channel: Channel
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #lost = false

  constructor(channel: Channel, listeners: ConnectionListeners) {
    this.#channel = channel
    this.#listeners = listeners
    this.client = this.#makeClient()
    this.#listen(channel)
  }

  /** Goes on with another channel after the last one was lost: calls and events use it from now on. */
  goOn(channel: Channel): void {
    this.#channel = channel
    this.#lost = false
    this.#listen(channel)
  }

  #listen(channel: Channel): void {
    channel.onMessage((message) => {
      const heard = fromHostSchema.parse(message)
      if (channel !== this.#channel) return
      if (heard.type === 'event') this.#listeners.onEvent(heard.event)
      else this.#settle(heard)
    })
    channel.onClose(() => {
      if (channel !== this.#channel || this.#lost) return
      this.#lost = true
      for (const { reject } of this.#waiting.values()) reject(connectionLost())
      this.#waiting.clear()
      this.#listeners.onLost()
    })
  }

  #makeClient(): Client {
    const tree: ProcedureTree = procedures
    const areas = Object.entries(tree).map(([area, members]) => {
      const calls = Object.entries(members).map(([name, { output }]) => [
        name,
        async (input: unknown) => output.parse(await this.#call({ area, name, input })),
      ])
      return [area, Object.fromEntries(calls)] as const
    })
    // Object.fromEntries forgets the names; they are those of the procedures, and each answer is parsed by its schema.
    return Object.fromEntries(areas) as Client
  }

  #call(call: Omit<CallMessage, 'id'>): Promise<unknown> {
    if (this.#lost) return Promise.reject(connectionLost())
    const id = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#channel.send({ id, ...call })
    })
  }

  #settle(message: Exclude<FromHost, { type: 'event' }>): void {
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.type === 'answer') waiting?.resolve(message.output)
    else waiting?.reject(messageToError(message.error))
  }
}

function connectionLost(): CribsheetError {
  return new CribsheetError('connection-lost', 'The connection to Cribsheet is lost.', {
    advice: 'Everything up to the last action is saved. Do it again once Cribsheet is back.',
  })
}
