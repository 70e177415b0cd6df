import { MessageChannelMain, type WebContents } from 'electron'
import { hostPortMessage, type LocatedPicture } from '../contract/index.ts'
import { launchHost, type HostProcess } from './host-process.ts'
import { writeLog } from './log.ts'
import { RestartLimit } from './restart-limit.ts'

/** Keeps a host running: after a crash it is started again, with the project that was open, and windows are told that their line is cut. */
export class HostSupervisor {
  #host: HostProcess
  #isGone = false
  /** Of the open project. */
  #folder: string | null
  readonly #limit = new RestartLimit()
  #onLost: (isRestarted: boolean) => void = () => undefined
  #connections = 0
  #stopped = false

  /** @throws CribsheetError installation-incomplete */
  constructor(folder: string | null) {
    this.#folder = folder
    this.#host = this.#launch()
  }

  /** @param listener `isRestarted` is false where the host ended too often: then it is started again by `connect` only */
  onLost(listener: (isRestarted: boolean) => void): void {
    this.#onLost = listener
  }

  /** Hands a window a port to the host. */
  connect(contents: WebContents): void {
    if (this.#isGone) {
      this.#limit.reset()
      this.#host = this.#launch()
    }
    const { port1, port2 } = new MessageChannelMain()
    this.#host.connect(++this.#connections, port1)
    contents.postMessage(hostPortMessage, null, [port2])
  }

  /** Opens a folder in place of the open project. */
  open(folder: string): void {
    this.#host.open(folder)
  }

  locate(path: string): Promise<LocatedPicture | null> {
    return this.#host.locate(path)
  }

  stop(): void {
    this.#stopped = true
    this.#host.kill()
  }

  #launch(): HostProcess {
    const host = launchHost(this.#folder)
    this.#isGone = false
    host.onProject((folder) => (this.#folder = folder))
    host.onExit(() => {
      if (this.#stopped) return
      writeLog('The host ended', `process of the project ${this.#folder ?? '(none)'}`)
      this.#isGone = !this.#limit.mayRestart(Date.now())
      if (!this.#isGone) this.#host = this.#launch()
      this.#onLost(!this.#isGone)
    })
    return host
  }
}
