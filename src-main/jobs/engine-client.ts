import { z } from 'zod'
import { cancelled, CribsheetError, messageToError, type OnProgress } from '../contract/index.ts'
import type { Job } from './job.ts'
import { launchChildProcess, type EngineExit, type EngineProcess, type LaunchEngine } from './launch.ts'
import { fromEngineSchema, type FromEngine, type ToEngine } from './messages.ts'

/** A cancelled job has this long to end by itself before its process is killed. */
const cancelPatienceMilliseconds = 3_000
/** A closed engine has this long to notice before it is killed. */
const closePatienceMilliseconds = 3_000

export interface RunOptions<Result> {
  signal?: AbortSignal | undefined
  /** Aborted to have a job stop for now that can go on later. */
  pause?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
  /** Called for each result as it comes. An error thrown here ends the job. */
  onResult?: ((result: Result) => void) | undefined
}

/**
 * The engine as the host sees it: jobs run one at a time, in the order in which they were asked for, in a process of their own that is
 * started with the first job and again with the next job after a crash. `close` it when done, or the process stays.
 */
export class Engine {
  readonly #launch: LaunchEngine
  #process: EngineProcess | null = null
  /** The job that the process is at. */
  #current: Conversation | null = null
  #lastJob: Promise<unknown> = Promise.resolve()
  #jobsStarted = 0

  constructor(launch: LaunchEngine = launchChildProcess) {
    this.#launch = launch
  }

  /** The process that runs now, if one does. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /**
   * Runs one job, after those asked for before it.
   *
   * @throws CribsheetError what the job threw; `cancelled`; `engine-crashed` when the process died under it.
   */
  async run<Request, Result, Summary>(
    job: Job<Request, Result, Summary>,
    request: Request,
    options: RunOptions<Result> = {},
  ): Promise<Summary> {
    const before = this.#lastJob
    const { promise: finished, resolve: finish } = Promise.withResolvers<undefined>()
    this.#lastJob = finished
    try {
      await unlessAborted(before, options.signal)
      return await this.#converse(job, request, options)
    } finally {
      void before.then(() => finish(undefined))
    }
  }

  /** Ends the process; a job that runs in it fails with `engine-crashed`. */
  async close(): Promise<void> {
    const process = this.#process
    if (process === null) return
    const gone = new Promise<void>((resolve) => {
      process.onExit(() => resolve())
    })
    process.disconnect()
    const patience = setTimeout(() => process.kill(), closePatienceMilliseconds)
    await gone
    clearTimeout(patience)
  }

  /** Ends the process at once. */
  kill(): void {
    this.#process?.kill()
  }

  #runningProcess(): EngineProcess {
    if (this.#process !== null) return this.#process
    const process = this.#launch()
    this.#process = process
    process.onMessage((message) => {
      if (this.#process === process) this.#current?.hear(message)
    })
    process.onExit((exit) => {
      if (this.#process !== process) return
      this.#process = null
      this.#current?.exited(exit)
    })
    return process
  }

  /** Gives the process up: what it says cannot be believed, or nobody can take it any more. The next job gets a new one. */
  #abandon(process: EngineProcess): void {
    if (this.#process === process) this.#process = null
    process.kill()
  }

  async #converse<Request, Result, Summary>(
    job: Job<Request, Result, Summary>,
    request: Request,
    { signal, pause, onProgress, onResult }: RunOptions<Result>,
  ): Promise<Summary> {
    const process = this.#runningProcess()
    const id = ++this.#jobsStarted
    const { promise, resolve, reject } = Promise.withResolvers<Summary>()
    const send = (message: ToEngine) => process.send(message)

    const take = (message: FromEngine) => {
      if (message.id !== id) return
      if (message.type === 'progress') onProgress?.(message.progress)
      else if (message.type === 'result') onResult?.(job.result.parse(message.result))
      else if (message.type === 'finished') resolve(job.summary.parse(message.summary))
      else reject(messageToError(message.error))
    }
    this.#current = {
      hear: (message) => {
        try {
          take(fromEngineSchema.parse(message))
        } catch (error) {
          this.#abandon(process)
          reject(error instanceof z.ZodError ? misunderstood(job.name, error) : error)
        }
      },
      exited: (exit) => reject(signal?.aborted ? cancelled() : crashed(job.name, exit)),
    }

    let patience: NodeJS.Timeout | undefined
    const cancel = () => {
      send({ type: 'cancel', id })
      patience = setTimeout(() => process.kill(), cancelPatienceMilliseconds)
    }
    const pauseJob = () => send({ type: 'pause', id })
    signal?.addEventListener('abort', cancel, { once: true })
    pause?.addEventListener('abort', pauseJob, { once: true })
    send({ type: 'start', id, job: job.name, request })
    if (pause?.aborted) pauseJob()
    try {
      return await promise
    } finally {
      this.#current = null
      clearTimeout(patience)
      signal?.removeEventListener('abort', cancel)
      pause?.removeEventListener('abort', pauseJob)
    }
  }
}

/** One job's side of what the process says. */
interface Conversation {
  hear(message: unknown): void
  exited(exit: EngineExit): void
}

/** @throws CribsheetError cancelled, as soon as the signal is. */
async function unlessAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => reject(cancelled())
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

function crashed(job: string, { code, signal, lastWords }: EngineExit): CribsheetError {
  const how = signal !== null ? `was ended by ${signal}` : `ended with exit code ${String(code)}`
  // Linux kills the process that takes the most memory; V8 and C++ abort or trap.
  const outOfMemory = signal === 'SIGKILL' || /out of memory|bad_alloc/i.test(lastWords)
  return new CribsheetError('engine-crashed', `The engine process ${how} during the job "${job}".`, {
    advice: outOfMemory
      ? 'What was finished is kept. Run it again; if it happens again, the memory of this machine may not be enough: close other programs.'
      : 'What was finished is kept. Run it again; if it happens again, please report it.',
    cause: lastWords.trim() || undefined,
  })
}

function misunderstood(job: string, error: z.ZodError): CribsheetError {
  return new CribsheetError('unexpected', `The engine said something unexpected during the job "${job}".`, {
    advice: 'This is a fault of the program: please report it.',
    cause: error,
  })
}
