import { SvelteMap } from 'svelte/reactivity'
import type { Client, ListedProposal, ProposalFilter } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

const pageSize = 60

/** Which proposals: those of a filter on one side of a limit of certainty, in percent. */
export interface ProposalSide {
  filter: ProposalFilter
  side: 'above' | 'below'
  limit: number
}

/** Proposals read by index, a page at a time, as far as they are looked at. */
export class ProposalList {
  readonly #client: Client
  readonly #notices: Notices
  readonly #pages = new SvelteMap<number, readonly ListedProposal[]>()
  readonly #loading = new Set<number>()
  #of: ProposalSide | null = null
  /** Answers to earlier questions are dropped. */
  #generation = 0

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Undefined where it is not loaded yet. */
  at(index: number): ListedProposal | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize]
  }

  show(of: ProposalSide): void {
    this.#of = of
    this.#generation++
    this.#loading.clear()
    this.#pages.clear()
  }

  /** Makes sure of the proposals from an index to before another. */
  need(first: number, end: number): void {
    for (let page = Math.floor(first / pageSize); page * pageSize < end; page++)
      if (!this.#pages.has(page) && !this.#loading.has(page)) void this.#load(page)
  }

  async #load(page: number): Promise<void> {
    if (!this.#of) return
    const generation = this.#generation
    this.#loading.add(page)
    const { filter, side, limit } = this.#of
    const answer = await this.#notices.try(() =>
      this.#client.review.page({ ...filter, side, limit, offset: page * pageSize, count: pageSize }),
    )
    if (generation !== this.#generation) return
    this.#loading.delete(page)
    if (answer) this.#pages.set(page, answer.proposals)
  }
}
