import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { nodeForChild } from '../installation/index.ts'

/** A running engine process, however it was started. Messages are structured clones. */
export interface EngineProcess {
  readonly pid: number | undefined
  /** Does nothing when the process is gone: `onExit` tells. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  onExit(listener: (exit: EngineExit) => void): void
  /** Closes the channel: the engine ends by itself as soon as it notices. */
  disconnect(): void
  kill(): void
}

export interface EngineExit {
  code: number | null
  signal: string | null
  /** The end of what it wrote to its standard error. */
  lastWords: string
}

/** Starts an engine process. In Electron this is a utility process, elsewhere a child process. */
export type LaunchEngine = () => EngineProcess

const lastWordsLength = 8000

/** The engine as a child process of Node. */
export const launchChildProcess: LaunchEngine = () => {
  const child = fork(engineFile(), [], {
    serialization: 'advanced',
    env: engineEnvironment(),
    execPath: nodeForChild() ?? process.execPath,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let lastWords = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-lastWordsLength)
  })
  // Node emits no `close` where this side closed the channel, and `exit` comes before the last words were read.
  const exit = Promise.all([once(child, 'exit'), child.stderr && once(child.stderr, 'close')]).then(
    ([[code, signal]]): EngineExit => ({ code: code as number | null, signal: signal as string | null, lastWords }),
    (error: unknown): EngineExit => ({ code: null, signal: null, lastWords: String(error) }),
  )
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as object, ignoreClosedChannel)
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => void exit.then(listener),
    disconnect: () => {
      if (child.connected) child.disconnect()
    },
    kill: () => child.kill('SIGKILL'),
  }
}

/** The channel of a process that just died: its exit is what is reported. */
function ignoreClosedChannel(): void {}

/** Built, the engine lies beside the entries (one folder up from a chunk); from source, beside this file. */
function engineFile(): string {
  const candidates = ['engine.js', '../engine.js', 'engine.ts'].map((name) => resolve(import.meta.dirname, name))
  return candidates.find(existsSync) ?? candidates[0]
}

/** What TensorFlow and the C library read when a process that computes with them starts. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const threads = String(availableParallelism())
  return {
    TF_CPP_MIN_LOG_LEVEL: '2',
    // glibc otherwise keeps an arena of freed tensors for every thread: 0.2 GB more.
    MALLOC_ARENA_MAX: '1',
    // Tensors come and go by the megabyte: in pages of 4 KiB a forward pass took a fifth longer.
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
    // TensorFlow counts the machine's processors, Node those that this process may use.
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    ...process.env,
  }
}
