import { CribsheetError, errorToMessage, type JobView, type Progress } from '../contract/index.ts'

/** Work that can be done again from where it stopped. */
export interface JobPlan {
  kind: JobView['kind']
  /** Steps aside for what a person asked for, and goes on afterwards. */
  background: boolean
  /** It starts a crashed engine again by itself, as often as makes sense. */
  restartsItself?: true
  /** @returns the run that it made, if it is one */
  work(operation: { signal: AbortSignal; onProgress: (progress: Progress) => void }): Promise<{ runId: number | null }>
}

interface QueuedJob {
  view: JobView
  plan: JobPlan
  controller: AbortController
  ended: PromiseWithResolvers<undefined>
}

/** A job whose engine crashed is taken up again this often. */
const mostRestarts = 2
/** Ended jobs that are still told about. */
const remembered = 20
const millisecondsBetweenReports = 100

/** Long work, one job at a time: in order, but background ones last. */
export class JobQueue {
  readonly #onChange: (jobs: JobView[]) => void
  readonly #onNotice: (error: CribsheetError, recovered: boolean) => void
  #jobs: QueuedJob[] = []
  #lastId = 0
  #running: QueuedJob | null = null
  #idle: Promise<void> = Promise.resolve()
  #lastReport = 0

  constructor(listeners: {
    onChange: (jobs: JobView[]) => void
    onNotice: (error: CribsheetError, recovered: boolean) => void
  }) {
    this.#onChange = listeners.onChange
    this.#onNotice = listeners.onNotice
  }

  all(): JobView[] {
    return this.#jobs.map(({ view }) => view)
  }

  /** @returns its number */
  start(plan: JobPlan): number {
    const id = ++this.#lastId
    const view: JobView = {
      id,
      kind: plan.kind,
      state: 'waiting',
      progress: null,
      error: null,
      restarts: 0,
      runId: null,
    }
    this.#jobs.push({ view, plan, controller: new AbortController(), ended: Promise.withResolvers() })
    this.#forgetOldest()
    if (!plan.background && this.#running?.plan.background) this.#stepAside(this.#running)
    this.#report()
    if (this.#running === null) this.#idle = this.#runAll()
    return id
  }

  /** What is finished is kept. */
  cancel(id: number): void {
    const job = this.#jobs.find(({ view }) => view.id === id)
    if (!job) return
    if (job.view.state === 'waiting') this.#set(job, { state: 'cancelled' })
    else job.controller.abort()
  }

  /** Resolves when the job neither waits nor runs any more. */
  async ended(id: number): Promise<void> {
    await this.#jobs.find(({ view }) => view.id === id)?.ended.promise
  }

  /** Cancels all, and resolves when none runs any more. */
  async stop(): Promise<void> {
    for (const { view } of this.#jobs) this.cancel(view.id)
    await this.#idle
    this.#jobs = []
    this.#report()
  }

  async #runAll(): Promise<void> {
    for (let job = this.#next(); job; job = this.#next()) {
      this.#running = job
      await this.#run(job)
      this.#running = null
    }
  }

  #next(): QueuedJob | undefined {
    const waiting = this.#jobs.filter(({ view }) => view.state === 'waiting')
    return waiting.find(({ plan }) => !plan.background) ?? waiting.at(0)
  }

  async #run(job: QueuedJob): Promise<void> {
    const { signal } = job.controller
    this.#set(job, { state: 'running', progress: null })
    try {
      const { runId } = await job.plan.work({ signal, onProgress: (progress) => this.#showProgress(job, progress) })
      this.#set(job, { state: 'finished', runId })
    } catch (error) {
      this.#settle(job, error)
    }
  }

  #settle(job: QueuedJob, error: unknown): void {
    const crashed = error instanceof CribsheetError && error.code === 'engine-crashed'
    if (job.controller.signal.reason === steppedAside) {
      job.controller = new AbortController()
      this.#set(job, { state: 'waiting' })
    } else if (job.controller.signal.aborted) {
      this.#set(job, { state: 'cancelled' })
    } else if (crashed && !job.plan.restartsItself && job.view.restarts < mostRestarts) {
      this.#set(job, { state: 'waiting', restarts: job.view.restarts + 1 })
      this.#onNotice(error, true)
    } else {
      this.#set(job, { state: 'failed', error: errorToMessage(error) })
    }
  }

  #stepAside(job: QueuedJob): void {
    job.controller.abort(steppedAside)
  }

  #showProgress(job: QueuedJob, progress: Progress): void {
    job.view = { ...job.view, progress }
    if (performance.now() - this.#lastReport >= millisecondsBetweenReports) this.#report()
  }

  #set(job: QueuedJob, changes: Partial<JobView>): void {
    job.view = { ...job.view, ...changes }
    if (hasEnded(job.view)) job.ended.resolve(undefined)
    this.#report()
  }

  #report(): void {
    this.#lastReport = performance.now()
    this.#onChange(this.all())
  }

  #forgetOldest(): void {
    const ended = this.#jobs.filter(({ view }) => hasEnded(view))
    const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - remembered)))
    this.#jobs = this.#jobs.filter((job) => !forgotten.has(job))
  }
}

function hasEnded({ state }: JobView): boolean {
  return state !== 'waiting' && state !== 'running'
}

/** The reason of an abort that is no cancelling. */
const steppedAside = Symbol('stepped aside')
