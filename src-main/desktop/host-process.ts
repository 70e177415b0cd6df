import { fork } from 'node:child_process'
import { resolve } from 'node:path'
import { utilityProcess, type MessagePortMain } from 'electron'
import { CribsheetError, toShellSchema, type LocatedPicture, type ToHost } from '../contract/index.ts'
import { isNodeCurrent, nodeForChild } from '../installation/index.ts'
import { writeLog } from './log.ts'

/** The host, however it was started. */
export interface HostProcess {
  /** Gives a window its line to the host. */
  connect(window: number, port: MessagePortMain): void
  /** A folder that the program was asked to open: what comes of it is told to the windows. */
  open(folder: string): void
  /** Another project is open, or none. */
  onProject(listener: (folder: string | null) => void): void
  /** Where the picture with this path lies; null where there is none, or the host is gone. */
  locate(path: string): Promise<LocatedPicture | null>
  onExit(listener: () => void): void
  kill(): void
}

interface Line {
  send(message: ToHost, port?: MessagePortMain): void
  onMessage: (listener: (message: unknown) => void) => void
  onExit: (listener: () => void) => void
  kill: () => void
  /** Whether ports can be handed on. */
  readonly handsPorts: boolean
}

/**
 * Starts the host: as a utility process, or, where this Electron's Node is too old for SQLite, on a current Node.
 *
 * @param folder to open
 * @throws CribsheetError installation-incomplete
 */
export function launchHost(folder: string | null): HostProcess {
  const file = resolve(import.meta.dirname, import.meta.dirname.endsWith('chunks') ? '../host.js' : 'host.js')
  const args = folder === null ? [] : [folder]
  return converse(isNodeCurrent() ? launchUtility(file, args) : launchNode(file, args))
}

function launchUtility(file: string, args: string[]): Line {
  const host = utilityProcess.fork(file, args, { serviceName: 'Cribsheet host', stdio: ['ignore', 'inherit', 'pipe'] })
  host.stderr?.on('data', logWords)
  return {
    handsPorts: true,
    send: (message, port) => host.postMessage(message, port ? [port] : []),
    onMessage: (listener) => host.on('message', listener),
    onExit: (listener) => host.on('exit', listener),
    kill: () => host.kill(),
  }
}

function launchNode(file: string, args: string[]): Line {
  const node = nodeForChild()
  if (node === null) {
    throw new CribsheetError('installation-incomplete', 'There is no Node that is new enough for the project store.', {
      advice: 'Run npm start in the checkout once: it brings one.',
    })
  }
  const child = fork(file, args, {
    execPath: node,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  child.stderr?.on('data', logWords)
  return {
    handsPorts: false,
    send: (message) => {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.on('exit', () => listener()),
    kill: () => child.kill(),
  }
}

/** What the host complains of is only seen in the log where no terminal is open. */
function logWords(words: Buffer): void {
  writeLog('The host', words.toString())
}

function converse(line: Line): HostProcess {
  const located = new Map<number, (picture: LocatedPicture | null) => void>()
  const windows = new Map<number, MessagePortMain>()
  let questions = 0
  let isGone = false
  let projectOpened: (folder: string | null) => void = () => undefined
  line.onMessage((raw) => {
    const message = toShellSchema.parse(raw)
    switch (message.type) {
      case 'message':
        windows.get(message.window)?.postMessage(message.message)
        break
      case 'project':
        projectOpened(message.folder)
        break
      case 'located':
        located.get(message.id)?.(message.picture)
        located.delete(message.id)
    }
  })
  line.onExit(() => {
    isGone = true
    for (const answer of located.values()) answer(null)
    located.clear()
    for (const port of windows.values()) port.close()
  })
  return {
    connect: (window, port) => {
      line.send({ type: 'connect', window }, line.handsPorts ? port : undefined)
      if (line.handsPorts) return
      windows.set(window, port)
      port.on('message', ({ data }) => line.send({ type: 'message', window, message: data }))
      port.on('close', () => {
        windows.delete(window)
        line.send({ type: 'disconnect', window })
      })
      port.start()
    },
    open: (folder) => line.send({ type: 'open', folder }),
    onProject: (listener) => (projectOpened = listener),
    locate: (path) =>
      new Promise((answer) => {
        if (isGone) {
          answer(null)
          return
        }
        const id = ++questions
        located.set(id, answer)
        line.send({ type: 'locate', id, path })
      }),
    onExit: line.onExit,
    kill: line.kill,
  }
}
