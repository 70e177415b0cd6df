import { CribsheetError, toHostSchema, type Channel, type ToHost, type ToShell } from '../contract/index.ts'
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

  constructor(host: Host, port: ShellPort) {
    this.#host = host
    this.#port = port
    port.onMessage((message, handed) => this.#hear(toHostSchema.parse(message), handed))
  }

  close(): void {
    for (const window of this.#windows.values()) window.close()
    this.#windows.clear()
  }

  #hear(message: ToHost, handed: HandedPort | null): void {
    switch (message.type) {
      case 'connect':
        if (handed) serveChannel(this.#host, toChannel(handed))
        else this.#connect(message.window)
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

  #connect(window: number): void {
    const channel = new RelayedChannel((message) => this.#port.send({ type: 'message', window, message }))
    this.#windows.set(window, channel)
    serveChannel(this.#host, channel)
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
