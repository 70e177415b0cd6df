import type { Class, ClassExtent, Client, CountedClass, HistoryView } from '../../src-main/contract/index.ts'
import { text } from '../text.ts'
import type { Notices } from './notices.svelte.ts'

/** The classes of the project, and the one that is drawn with. */
export class Classes {
  readonly #client: Client
  readonly #notices: Notices
  #all = $state.raw<readonly CountedClass[]>([])
  #activeId = $state<number | null>(null)
  #history = $state.raw<HistoryView>({ undo: null, redo: null })

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get all(): readonly CountedClass[] {
    return this.#all
  }

  /** The chosen one, else the first. */
  get active(): CountedClass | null {
    return this.#all.find(({ id }) => id === this.#activeId) ?? this.#all.at(0) ?? null
  }

  /** What was done to classes has an undo of its own: it reaches all images. */
  get history(): HistoryView {
    return this.#history
  }

  get(id: number): CountedClass | undefined {
    return this.#all.find((each) => each.id === id)
  }

  byKey(key: string): CountedClass | undefined {
    return this.#all.find((each) => each.key === key)
  }

  activate(id: number): void {
    this.#activeId = id
  }

  async reload(): Promise<void> {
    const answers = await this.#notices.try(() =>
      Promise.all([this.#client.classes.all(), this.#client.history.next({ imageId: null })]),
    )
    if (answers) [this.#all, this.#history] = answers
  }

  async add(name: string): Promise<Class | undefined> {
    const added = await this.#notices.try(() => this.#client.classes.add({ name }))
    if (added) this.#activeId = added.id
    await this.reload()
    return added
  }

  /** The class to draw with: where there is none yet, one is made, since nothing that was drawn may be lost. */
  async provideActive(): Promise<number | null> {
    return this.active?.id ?? (await this.add(text.classes.first))?.id ?? null
  }

  async undo(): Promise<void> {
    await this.#notices.try(() => this.#client.history.undo({ imageId: null }))
    await this.reload()
  }

  async redo(): Promise<void> {
    await this.#notices.try(() => this.#client.history.redo({ imageId: null }))
    await this.reload()
  }

  /** What there is of a class, for a warning. */
  extent(id: number): Promise<ClassExtent | undefined> {
    return this.#notices.try(() => this.#client.classes.extent({ id }))
  }

  async merge(id: number, into: number): Promise<void> {
    const merged = await this.#notices.try(async () => {
      await this.#client.classes.merge({ id, into })
      return true
    })
    if (merged && this.#activeId === id) this.#activeId = into
    await this.reload()
  }

  /** @returns whether it could be done: a name may be taken */
  async update(id: number, changes: Partial<Omit<Class, 'id'>>): Promise<boolean> {
    const updated = await this.#notices.try(() => this.#client.classes.update({ id, changes }))
    await this.reload()
    return updated !== undefined
  }

  async remove(id: number): Promise<void> {
    await this.#notices.try(() => this.#client.classes.remove({ id }))
    await this.reload()
  }
}
