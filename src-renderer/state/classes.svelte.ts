import type { Class, Client, CountedClass } from '../../src-main/contract/index.ts'
import { text } from '../text.ts'
import type { Notices } from './notices.svelte.ts'

/** The classes of the project, and the one that is drawn with. */
export class Classes {
  readonly #client: Client
  readonly #notices: Notices
  #all = $state.raw<readonly CountedClass[]>([])
  #activeId = $state<number | null>(null)

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
    const all = await this.#notices.try(() => this.#client.classes.all())
    if (all) this.#all = all
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

  async update(id: number, changes: Partial<Omit<Class, 'id'>>): Promise<void> {
    await this.#notices.try(() => this.#client.classes.update({ id, changes }))
    await this.reload()
  }

  async remove(id: number): Promise<void> {
    await this.#notices.try(() => this.#client.classes.remove({ id }))
    await this.reload()
  }
}
