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
  /** From an index to before another: what a person looks at. */
  #inSight: readonly [number, number] = [0, 0]
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
    this.#inSight = [0, 0]
    await this.load(0)
  }

  /** Makes sure of the images from an index to before another. What is only scrolled past is not asked for. */
  need(first: number, end: number): void {
    this.#inSight = [first, end]
    if (this.#loading.size > 0) return // looked at again when that is there
    const page = this.#pagesInSight().find((each) => !this.#pages.has(each))
    if (page !== undefined) void this.load(page)
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

  /** Reads what is in sight once more, and what is about an index; until then it stays as it is. All else is forgotten. */
  async refresh(around: number): Promise<void> {
    const wanted = new Set([Math.floor(around / pageSize), ...this.#pagesInSight()])
    for (const page of [...this.#pages.keys()]) {
      if (!wanted.has(page)) this.#pages.delete(page)
      else await this.load(page)
    }
  }

  #pagesInSight(): number[] {
    const [first, end] = this.#inSight
    const from = Math.floor(first / pageSize)
    return Array.from({ length: Math.ceil(end / pageSize) - from }, (_, i) => from + i)
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
    this.need(...this.#inSight)
  }
}
