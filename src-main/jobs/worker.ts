import { setImmediate } from 'node:timers/promises'
import { cancelled, errorToMessage, throwIfCancelled } from '../contract/index.ts'
import type { JobContext } from './job.ts'
import { toEngineSchema, type FromEngine } from './messages.ts'

/** The engine's end of the conversation: starts jobs, passes on what they say, and cancels them. */
export class Worker {
  /** Resolves when the channel has room for more. */
  readonly #say: (message: FromEngine) => Promise<void>
  readonly #running = new Map<number, Record<'cancel' | 'pause', AbortController>>()

  constructor(say: (message: FromEngine) => Promise<void>) {
    this.#say = say
  }

  hear(raw: unknown): void {
    const message = toEngineSchema.parse(raw)
    if (message.type === 'start') void this.#perform(message.id, message.job, message.request)
    else this.#running.get(message.id)?.[message.type].abort()
  }

  async #perform(id: number, job: string, request: unknown): Promise<void> {
    const controllers = { cancel: new AbortController(), pause: new AbortController() }
    const { signal } = controllers.cancel
    this.#running.set(id, controllers)
    const context: JobContext<unknown> = {
      signal,
      pause: controllers.pause.signal,
      onProgress: (progress) => void this.#say({ type: 'progress', id, progress }),
      result: (result) => this.#say({ type: 'result', id, result }),
      breathe: async () => {
        await setImmediate()
        throwIfCancelled(signal)
      },
    }
    try {
      // Loads TensorFlow: here, so that what is missing is this job's error and not the death of the process.
      const { perform } = await import('./perform/index.ts')
      await context.breathe()
      const summary = await perform(job, request, context)
      await this.#say({ type: 'finished', id, summary })
    } catch (error) {
      await this.#say({ type: 'failed', id, error: errorToMessage(signal.aborted ? cancelled() : error) })
    } finally {
      this.#running.delete(id)
    }
  }
}
