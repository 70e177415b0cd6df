import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { cancelled } from '../contract/index.ts'

interface Task<Request, Reply> {
  request: Request
  resolve: (reply: Reply) => void
  reject: (error: unknown) => void
}

/**
 * So many threads of one file, started when first needed, each performing one request at a time, in the order asked. Idle threads wait
 * for more and do not keep the process alive. The file calls {@link serveThread}.
 */
export class ThreadPool<Request, Reply> {
  readonly size: number
  readonly #file: () => URL
  readonly #waiting: Task<Request, Reply>[] = []
  readonly #idle: Worker[] = []
  readonly #running = new Map<Worker, Task<Request, Reply>>()
  #closed = false

  /**
   * @param file called when a thread starts.
   * @param size how many threads at most. Default: one a core.
   */
  constructor(file: () => URL, size = availableParallelism()) {
    this.#file = file
    this.size = size
  }

  /**
   * The thread's reply.
   *
   * @throws what the thread failed with; an Error where it ended without a word; CribsheetError cancelled where the pool is closed.
   */
  run(request: Request): Promise<Reply> {
    if (this.#closed) return Promise.reject(cancelled())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      this.#startNext()
    })
  }

  /** Ends the threads; what is not finished is rejected as cancelled. */
  async close(): Promise<void> {
    this.#closed = true
    const workers = [...this.#idle, ...this.#running.keys()]
    for (const { reject } of [...this.#waiting, ...this.#running.values()]) reject(cancelled())
    this.#waiting.length = 0
    this.#running.clear()
    this.#idle.length = 0
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #startNext(): void {
    if (this.#running.size === this.size) return
    const task = this.#waiting.shift()
    if (!task) return
    try {
      const worker = this.#idle.pop() ?? this.#startWorker()
      this.#running.set(worker, task)
      worker.ref()
      worker.postMessage(task.request)
    } catch (error) {
      task.reject(error)
    }
  }

  #startWorker(): Worker {
    const worker = new Worker(this.#file())
    worker.on('message', (reply: Reply) => {
      if (this.#closed) return
      this.#running.get(worker)?.resolve(reply)
      this.#running.delete(worker)
      this.#idle.push(worker)
      worker.unref()
      this.#startNext()
    })
    // A thread that fails ends, and takes its request with it; another one goes on.
    worker.on('error', (error) => this.#fail(worker, error))
    worker.on('exit', () => this.#fail(worker, new Error('The thread that did this ended.')))
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
