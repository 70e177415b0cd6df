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

/** The page's end of the contract: calls are matched with their answers, events go to `onEvent`. */
export class Connection {
  /** @throws (each call) CribsheetError what the host threw; connection-lost */
  readonly client: Client
  readonly #channel: Channel
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #lost = false

  constructor(channel: Channel, listeners: { onEvent: (event: HostEvent) => void; onLost: () => void }) {
    this.#channel = channel
    this.client = this.#makeClient()
    channel.onMessage((message) => {
      const heard = fromHostSchema.parse(message)
      if (heard.type === 'event') listeners.onEvent(heard.event)
      else this.#settle(heard)
    })
    channel.onClose(() => {
      this.#lost = true
      for (const { reject } of this.#waiting.values()) reject(connectionLost())
      this.#waiting.clear()
      listeners.onLost()
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
    advice: 'Everything up to the last action is saved. Reload the page once Cribsheet runs again.',
  })
}
