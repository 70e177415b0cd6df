import {
  CribsheetError,
  errorToMessage,
  toHostSchema,
  type Channel,
  type FromHost,
  type HostEvent,
  type ToHost,
  type ToShell,
} from '../contract/index.ts'
import type { Host } from './host.ts'
import { locatePicture, parsePicturePath } from './pictures.ts'
import { serveChannel } from './serve-channel.ts'

/** A port of a window, as it arrives in a process. */
export interface HandedPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
}

/** The host's line to the shell that started it. */
export interface ShellPort {
  send(message: ToShell): void
  onMessage(listener: (message: unknown, port: HandedPort | null) => void): void
}

/** The host's side of the desktop: windows come and go, and the shell asks where pictures lie. */
export class ShellConnection {
  readonly #host: Host
  readonly #port: ShellPort
  /** Windows whose messages the shell passes on. */
  readonly #windows = new Map<number, RelayedChannel>()
  #hadWindow = false
  /** For the first window. */
  #untold: HostEvent[] = []

  constructor(host: Host, port: ShellPort) {
    this.#host = host
    this.#port = port
    port.onMessage((message, handed) => this.#hear(toHostSchema.parse(message), handed))
    this.#tellProject()
  }

  /** Opens a folder that nobody at a window asked for: that it cannot be opened is told to whoever is there, or comes first. */
  open(folder: string): void {
    this.#host.open(folder).catch((error: unknown) => {
      const notice: HostEvent = { type: 'notice', error: errorToMessage(error), recovered: false }
      if (this.#hadWindow) this.#host.emit(notice)
      else this.#untold.push(notice)
    })
  }

  close(): void {
    for (const window of this.#windows.values()) window.close()
    this.#windows.clear()
  }

  #hear(message: ToHost, handed: HandedPort | null): void {
    switch (message.type) {
      case 'connect':
        this.#serve(handed ? toChannel(handed) : this.#relay(message.window))
        break
      case 'open':
        this.open(message.folder)
        break
      case 'message':
        this.#windows.get(message.window)?.hear(message.message)
        break
      case 'disconnect':
        this.#windows.get(message.window)?.close()
        this.#windows.delete(message.window)
        break
      case 'locate':
        void this.#locate(message.id, message.path)
    }
  }

  #serve(channel: Channel): void {
    serveChannel(this.#host, channel)
    for (const event of this.#untold) channel.send({ type: 'event', event } satisfies FromHost)
    this.#untold = []
    this.#hadWindow = true
  }

  #relay(window: number): Channel {
    const channel = new RelayedChannel((message) => this.#port.send({ type: 'message', window, message }))
    this.#windows.set(window, channel)
    return channel
  }

  /** The shell starts a host that crashed again with the project that was open. */
  #tellProject(): void {
    let told: string | null = null
    this.#host.subscribe((event) => {
      if (event.type !== 'project') return
      const folder = event.project?.folder ?? null
      if (folder !== told) this.#port.send({ type: 'project', folder })
      told = folder
    })
  }

  async #locate(id: number, path: string): Promise<void> {
    const asked = parsePicturePath(path)
    const picture = asked && (await locatePicture(this.#host, asked).catch(unlessOurs))
    this.#port.send({ type: 'located', id, picture })
  }
}

class RelayedChannel implements Channel {
  readonly send: (message: unknown) => void
  #onMessage: (message: unknown) => void = () => undefined
  #onClose: () => void = () => undefined

  constructor(send: (message: unknown) => void) {
    this.send = send
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener
  }

  onClose(listener: () => void): void {
    this.#onClose = listener
  }

  hear(message: unknown): void {
    this.#onMessage(message)
  }

  close(): void {
    this.#onClose()
  }
}

function toChannel(port: HandedPort): Channel {
  port.start()
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => void port.on('close', listener),
  }
}

/** A picture that is not there is an answer; a fault of ours is not. */
function unlessOurs(error: unknown): null {
  if (!(error instanceof CribsheetError)) console.error(error)
  return null
}
