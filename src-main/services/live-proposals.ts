import { z } from 'zod'
import type { HostEvent } from '../contract/index.ts'
import { chosenWeights, type Project } from '../workflow/index.ts'
import type { Host } from './host.ts'
import { proposalUpdate } from './job-plans.ts'

const settingKey = 'liveProposals'

/** After a change of the labels so long is waited for the next one. */
const settleMilliseconds = 1500

/**
 * Lets proposals follow the labels: when these have changed, the images that the last propagation has answered are answered anew, in
 * the background. What a person changed or answered stays as it is.
 */
export class LiveProposals {
  readonly #host: Host
  #timer: NodeJS.Timeout | undefined
  #jobId: number | null = null
  /** The digest of the labels that the proposals are by. */
  #labels = ''

  constructor(host: Host) {
    this.#host = host
    host.subscribe((event) => this.#hear(event))
  }

  /** What is labelled by now needs no answer: a project was opened, or a propagation begins. */
  begin(): void {
    this.#labels = this.#host.project.store.labelDigest.value
  }

  get on(): boolean {
    return this.#host.project.store.settings.get(settingKey, z.boolean()) ?? true
  }

  set on(on: boolean) {
    this.#host.project.store.settings.set(settingKey, on)
    if (on) this.#update()
  }

  /** Resolves when nothing is written any more. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#jobId === null) return
    const { jobs } = this.#host
    jobs.cancel(this.#jobId)
    await jobs.ended(this.#jobId)
    const isDone = jobs.all().some(({ id, state }) => id === this.#jobId && state === 'finished')
    if (!isDone) this.#labels = '' // to be answered when next something changes
    this.#jobId = null
  }

  #hear({ type }: HostEvent): void {
    if (type !== 'annotations-changed') return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#update(), settleMilliseconds)
  }

  #update(): void {
    const { project, jobs } = this.#host
    if (!this.on || !chosenWeights(project)) return
    const labels = project.store.labelDigest.value
    if (labels === this.#labels) return
    this.#labels = labels
    const runId = lastPropagation(project)
    if (runId === null) return
    if (this.#jobId !== null) jobs.cancel(this.#jobId)
    this.#jobId = jobs.start(proposalUpdate(this.#host, runId))
  }
}

/** The run whose proposals are to follow; null where there is none, or where it was undone. */
function lastPropagation({ store }: Project): number | null {
  const last = store.runs.all('propagation').at(0)
  return last && last.state !== 'undone' && last.state !== 'running' ? last.id : null
}
