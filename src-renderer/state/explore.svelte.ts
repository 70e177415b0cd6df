import type { Client, Likeness, ObjectView } from '../../src-main/contract/index.ts'
import type { Notices } from './notices.svelte.ts'

const pageSize = 200
/** Of objects like another one. */
const mostSimilar = 1000
/** Annotations are made of so many at a time: the person sees how far it is. */
const annotatedAtOnce = 20

/** Which objects are listed. */
export type ObjectSource = { kind: 'all' } | { kind: 'like'; of: Likeness } | { kind: 'some'; ids: readonly number[] }

export type ExploreMode = 'grid' | 'map' | 'duplicates'

/** The objects of the folder as a person looks through them, and the ones that are selected. */
export class Explore {
  readonly #client: Client
  readonly #notices: Notices
  mode = $state<ExploreMode>('grid')
  #source = $state.raw<ObjectSource>({ kind: 'all' })
  /** As far as they are loaded, so many a page. */
  #pages = $state.raw<ReadonlyMap<number, readonly ObjectView[]>>(new Map())
  #total = $state<number | null>(null)
  // Replaced, not changed: a lasso may hold 100,000, too many for a signal each.
  #selected = $state.raw<ReadonlySet<number>>(new Set())
  /** Where a stretch begins that Shift selects. */
  #anchor = 0
  readonly #loading = new Set<number>()
  #generation = 0
  #annotating = $state.raw<{ done: number; total: number } | null>(null)

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get source(): ObjectSource {
    return this.#source
  }

  /** Null until it is known. */
  get total(): number | null {
    return this.#total
  }

  /** Their ids. */
  get selected(): ReadonlySet<number> {
    return this.#selected
  }

  get annotating(): { done: number; total: number } | null {
    return this.#annotating
  }

  /** Undefined where it is not loaded yet. */
  at(index: number): ObjectView | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize]
  }

  async show(source: ObjectSource): Promise<void> {
    this.#generation++
    this.#source = source
    this.#loading.clear()
    this.#pages = new Map()
    this.#anchor = 0
    this.#total = null
    this.mode = 'grid'
    if (source.kind === 'all') await this.#loadPage(0)
    else await this.#loadFound(source)
  }

  /** Another project: nothing of the last one stays. */
  reset(): void {
    this.#generation++
    this.#source = { kind: 'all' }
    this.#pages = new Map()
    this.#loading.clear()
    this.deselectAll()
    this.#total = null
    this.mode = 'grid'
  }

  /** Makes sure of the objects from an index to before another. */
  need(first: number, end: number): void {
    if (this.#source.kind !== 'all') return
    for (let page = Math.floor(first / pageSize); page * pageSize < end; page++)
      if (!this.#pages.has(page) && !this.#loading.has(page)) void this.#loadPage(page)
  }

  /** @param range all from the one that was chosen last */
  toggle(index: number, range: boolean): void {
    const object = this.at(index)
    if (!object) return
    if (range) {
      const [first, last] = [Math.min(index, this.#anchor), Math.max(index, this.#anchor)]
      const between = Array.from({ length: last - first + 1 }, (_, i) => this.at(first + i))
      this.select(between.flatMap((each) => each?.id ?? []))
      return
    }
    this.#anchor = index
    if (this.#selected.has(object.id)) this.#deselect([object.id])
    else this.select([object.id])
  }

  /** Beside those that are selected. */
  select(ids: Iterable<number>): void {
    this.#selected = new Set([...this.#selected, ...ids])
  }

  #deselect(ids: Iterable<number>): void {
    const gone = new Set(ids)
    this.#selected = new Set([...this.#selected].filter((id) => !gone.has(id)))
  }

  deselectAll(): void {
    this.#selected = new Set()
  }

  /** Makes annotations of the selected ones, which then are selected no longer. */
  async annotate(classId: number): Promise<number> {
    const ids = [...this.#selected]
    let made = 0
    this.#annotating = { done: 0, total: ids.length }
    const views = await this.#notices.try(() => this.#inOrderOfImages(ids))
    for (let start = 0; views && start < views.length; start += annotatedAtOnce) {
      const objectIds = views.slice(start, start + annotatedAtOnce)
      const answer = await this.#notices.try(() => this.#client.objects.annotate({ objectIds, classId }))
      if (!answer) break
      made += answer.annotations
      this.#deselect(objectIds)
      this.#annotating = { done: start + objectIds.length, total: ids.length }
    }
    this.#annotating = null
    return made
  }

  /** Those of one image together: they are one step of its undo. */
  async #inOrderOfImages(ids: readonly number[]): Promise<number[]> {
    const views: ObjectView[] = []
    for (let start = 0; start < ids.length; start += mostSimilar)
      views.push(...(await this.#client.objects.list({ ids: ids.slice(start, start + mostSimilar) })).objects)
    return views.sort((a, b) => a.imageId - b.imageId).map(({ id }) => id)
  }

  async #loadPage(page: number): Promise<void> {
    const generation = this.#generation
    this.#loading.add(page)
    const answer = await this.#notices.try(() =>
      this.#client.objects.page({ offset: page * pageSize, limit: pageSize }),
    )
    if (generation !== this.#generation) return
    this.#loading.delete(page)
    if (!answer) return
    this.#total = answer.total
    this.#pages = new Map(this.#pages).set(page, answer.objects)
  }

  async #loadFound(source: Exclude<ObjectSource, { kind: 'all' }>): Promise<void> {
    const generation = this.#generation
    const answer = await this.#notices.try(() =>
      source.kind === 'like'
        ? this.#client.objects.similar({ of: source.of, count: mostSimilar })
        : this.#client.objects.list({ ids: source.ids.slice(0, 2 * mostSimilar) }),
    )
    if (generation !== this.#generation) return
    const objects = answer?.objects ?? []
    const starts = Array.from({ length: Math.ceil(objects.length / pageSize) }, (_, page) => page * pageSize)
    this.#pages = new Map(starts.map((start, page) => [page, objects.slice(start, start + pageSize)]))
    this.#total = objects.length
  }
}
