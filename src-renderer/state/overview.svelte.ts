import type {
  Client,
  HistoryView,
  ImageQuery,
  Split,
  SplitSettings,
  SplitShares,
  Statistics,
} from '../../src-main/contract/index.ts'
import type { ImageList } from './image-list.svelte.ts'
import type { ImageSelection } from './image-selection.svelte.ts'
import type { Notices } from './notices.svelte.ts'

/** The folder as a whole: how much there is of everything, how it is split, and the images that are selected for something. */
export class Overview {
  readonly #client: Client
  readonly #notices: Notices
  readonly #images: ImageList
  readonly #selection: ImageSelection
  view = $state<'grid' | 'list'>('grid')
  /** Of the image that keys move from. */
  #index = $state(0)
  #statistics = $state.raw<Statistics | null>(null)
  #settings = $state.raw<SplitSettings | null>(null)
  #history = $state.raw<HistoryView>({ undo: null, redo: null })
  #reading: Promise<void> | null = null
  #readAgain = false

  constructor(client: Client, notices: Notices, images: ImageList, selection: ImageSelection) {
    this.#client = client
    this.#notices = notices
    this.#images = images
    this.#selection = selection
  }

  get index(): number {
    return this.#index
  }

  /** Null until it is read. */
  get statistics(): Statistics | null {
    return this.#statistics
  }

  /** How the folder was divided last. */
  get settings(): SplitSettings | null {
    return this.#settings
  }

  /** What undo here reaches: the newest step, whichever image it is of. */
  get history(): HistoryView {
    return this.#history
  }

  /** Another project. */
  reset(): void {
    this.#index = 0
    this.#statistics = null
    this.#settings = null
  }

  /** The screen comes to the front. */
  async begin(index: number): Promise<void> {
    this.#index = index
    await this.reload()
  }

  /** Counts anew. What changes meanwhile is counted once more when that is done, however often it changed. */
  async reload(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true
      return this.#reading
    }
    this.#reading = this.#read()
    await this.#reading
    this.#reading = null
    if (!this.#readAgain) return
    this.#readAgain = false
    await this.reload()
  }

  async #read(): Promise<void> {
    const answers = await this.#notices.try(() =>
      Promise.all([this.#client.statistics.all(), this.#client.splits.settings(), this.#client.review.next()]),
    )
    if (!answers) return
    const [statistics, settings, next] = answers
    this.#statistics = statistics
    this.#settings = settings
    this.#history = { undo: next.undo?.label ?? null, redo: next.redo?.label ?? null }
  }

  /** Other images are listed: none of them is selected. */
  async filter(changes: Partial<ImageQuery>): Promise<void> {
    this.#selection.clear(0)
    this.#index = 0
    await this.#images.setQuery(changes)
  }

  async sort(changes: Pick<ImageQuery, 'sort' | 'reversed'>): Promise<void> {
    this.#selection.forgetAnchor()
    this.#index = 0
    await this.#images.setQuery(changes)
  }

  /** A click: the image is selected alone, with Ctrl beside the others, with Shift the stretch from the last one. */
  async pick(
    index: number,
    { ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  ): Promise<void> {
    this.#index = index
    if (shiftKey) {
      const stretch = this.#selection.stretchTo(index)
      this.#selection.add(await this.#images.ids(stretch[0], stretch.length))
      return
    }
    const image = await this.#images.fetch(index)
    if (!image) return
    if (ctrlKey || metaKey) this.#selection.toggle(index, image.id)
    else this.#selection.only(index, image.id)
  }

  /** By keys; with Shift all on the way are selected. */
  async move(to: number, extend: boolean): Promise<void> {
    const index = Math.min(Math.max(0, to), (this.#images.total ?? 1) - 1)
    await this.pick(index, { ctrlKey: false, metaKey: false, shiftKey: extend })
  }

  async selectAll(): Promise<void> {
    this.#selection.add(await this.#images.ids(0, null))
  }

  async divide(shares: SplitShares, seed: number, keep: boolean): Promise<void> {
    await this.#notices.try(() => this.#client.splits.divide({ shares, seed, keep }))
    await this.reload()
  }

  /** The selected ones, by hand. */
  async put(split: Split | null): Promise<void> {
    const imageIds = [...this.#selection.ids]
    await this.#notices.try(() => this.#client.splits.put({ imageIds, split }))
  }

  /** The selected ones; null: they are used again. */
  async skip(reason: string | null): Promise<void> {
    const imageIds = [...this.#selection.ids]
    await this.#notices.try(() => this.#client.images.skip({ imageIds, reason }))
  }

  async undo(): Promise<void> {
    await this.#notices.try(() => this.#client.review.undo())
  }

  async redo(): Promise<void> {
    await this.#notices.try(() => this.#client.review.redo())
  }
}
