import { SvelteMap } from 'svelte/reactivity'
import { imageQuerySchema, type Client, type ImageQuery, type ListedImage } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

const pageSize = 100

/** The list of images as it is filtered and sorted: read by index, a page at a time, as far as it is looked at. */
export class ImageList {
  readonly #client: Client
  readonly #notices: Notices
  readonly #pages = new SvelteMap<number, readonly ListedImage[]>()
  readonly #loading = new Set<number>()
  #total = $state<number | null>(null)
  #query = $state.raw<ImageQuery>(imageQuerySchema.parse({}))
  /** Answers to earlier queries are dropped. */
  #generation = 0

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Null until the first page is there. */
  get total(): number | null {
    return this.#total
  }

  get query(): ImageQuery {
    return this.#query
  }

  /** Undefined where it is not loaded yet. */
  at(index: number): ListedImage | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize]
  }

  /** Null where it is not among those that are loaded. */
  indexOf(imageId: number): number | null {
    for (const [page, images] of this.#pages) {
      const index = images.findIndex(({ id }) => id === imageId)
      if (index >= 0) return page * pageSize + index
    }
    return null
  }

  async setQuery(changes: Partial<ImageQuery>): Promise<void> {
    this.#query = { ...this.#query, ...changes }
    await this.reset()
  }

  /** Begins anew, at the first page. */
  async reset(): Promise<void> {
    this.#generation++
    this.#loading.clear()
    this.#pages.clear()
    this.#total = null
    await this.load(0)
  }

  /** Makes sure of the images from an index to before another. */
  need(first: number, end: number): void {
    for (let page = Math.floor(first / pageSize); page * pageSize < end; page++)
      if (!this.#pages.has(page) && !this.#loading.has(page)) void this.load(page)
  }

  /** @returns the image there, loaded if need be; undefined past the end */
  async fetch(index: number): Promise<ListedImage | undefined> {
    if (index < 0 || (this.#total !== null && index >= this.#total)) return undefined
    if (!this.at(index)) await this.load(Math.floor(index / pageSize))
    return this.at(index)
  }

  /** Ids of a stretch, loaded or not. @param count null: to the end */
  async ids(first: number, count: number | null): Promise<number[]> {
    const query = this.#query
    const answer = await this.#notices.try(() => this.#client.images.ids({ query, offset: first, limit: count }))
    return answer?.ids ?? []
  }

  /** Reads what is loaded once more; until then it stays as it is. Far pages are forgotten. */
  async refresh(around: number): Promise<void> {
    const near = Math.floor(around / pageSize)
    for (const page of [...this.#pages.keys()]) {
      if (Math.abs(page - near) > 1) this.#pages.delete(page)
      else await this.load(page)
    }
  }

  async load(page: number): Promise<void> {
    const generation = this.#generation
    this.#loading.add(page)
    const query = this.#query
    const answer = await this.#notices.try(() =>
      this.#client.images.page({ query, offset: page * pageSize, limit: pageSize }),
    )
    if (generation !== this.#generation) return
    this.#loading.delete(page)
    if (!answer) return
    this.#pages.set(page, answer.images)
    // A page past the end cannot tell how many there are.
    if (page === 0 || answer.images.length > 0) this.#total = answer.total
  }
}
