import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Refined, RefineRequest } from './refine.ts'

interface Task {
  request: RefineRequest
  resolve: (refined: Refined) => void
  reject: (error: unknown) => void
}

/**
 * A thread a core, started when first needed, each refining one image at a time, in the order asked. Idle threads wait for more and
 * do not keep the process alive.
 */
class RefinePool {
  readonly size = availableParallelism()
  readonly #waiting: Task[] = []
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Task>()

  /** {@link refine}, in a thread. */
  refine(request: RefineRequest): Promise<Refined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      this.#startNext()
    })
  }

  #startNext(): void {
    if (this.#waiting.length === 0 || this.#running.size === this.size) return
    const task = this.#waiting.shift()
    if (!task) return
    const worker = this.#idle.pop() ?? this.#startWorker()
    this.#running.set(worker, task)
    worker.ref()
    worker.postMessage(task.request)
  }

  #startWorker(): Worker {
    const worker = new Worker(workerFile())
    worker.on('message', (refined: Refined) => {
      this.#running.get(worker)?.resolve(refined)
      this.#running.delete(worker)
      this.#idle.push(worker)
      worker.unref()
      this.#startNext()
    })
    // A thread that fails ends, and takes its image with it; another one goes on.
    worker.on('error', (error) => this.#fail(worker, error))
    worker.on('exit', () => this.#fail(worker, new Error('The thread that refined this image ended.')))
    return worker
  }

  #fail(worker: Worker, error: unknown): void {
    this.#running.get(worker)?.reject(error)
    this.#running.delete(worker)
    const idle = this.#idle.indexOf(worker)
    if (idle >= 0) this.#idle.splice(idle, 1)
    this.#startNext()
  }
}

/** The one pool of this process, shared by all propagations. */
export const refinePool = new RefinePool()

/** The worker's source beside this file; once built, `refine.js` beside it or, where this became a shared chunk, a folder up. */
function workerFile(): URL {
  const places = ['./refine-worker.ts', './refine.js', '../refine.js'].map((place) => new URL(place, import.meta.url))
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error('out/main/refine.js is missing: build again.')
  return found
}
