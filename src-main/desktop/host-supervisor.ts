import { MessageChannelMain, type WebContents } from 'electron'
import { hostPortMessage, type LocatedPicture } from '../contract/index.ts'
import { launchHost, type HostProcess } from './host-process.ts'

/** A host that ends again within this time is not started once more: it would go on for ever. */
const shortestLifeMilliseconds = 2_000

/** Keeps a host running: after a crash it is started again, and windows are told that their line is cut. */
export class HostSupervisor {
  #host: HostProcess
  #onLost: () => void = () => undefined
  #connections = 0
  #stopped = false

  /** @throws CribsheetError installation-incomplete */
  constructor(folder: string | null) {
    this.#host = this.#launch(folder)
  }

  onLost(listener: () => void): void {
    this.#onLost = listener
  }

  /** Hands a window a port to the host. */
  connect(contents: WebContents): void {
    const { port1, port2 } = new MessageChannelMain()
    this.#host.connect(++this.#connections, port1)
    contents.postMessage(hostPortMessage, null, [port2])
  }

  locate(path: string): Promise<LocatedPicture | null> {
    return this.#host.locate(path)
  }

  stop(): void {
    this.#stopped = true
    this.#host.kill()
  }

  #launch(folder: string | null): HostProcess {
    const begun = Date.now()
    const host = launchHost(folder)
    host.onExit(() => {
      if (this.#stopped) return
      if (Date.now() - begun >= shortestLifeMilliseconds) this.#host = this.#launch(null)
      this.#onLost()
    })
    return host
  }
}
