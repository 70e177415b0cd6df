import { tick } from 'svelte'
import type { Client, RunView } from '../../src-main/contract/index.ts'
import { text } from '../text.ts'
import type { Notices } from './notices.svelte.ts'

/** Propagations, imports and trainings of the project, newest first. */
export class Runs {
  readonly #client: Client
  readonly #notices: Notices
  #all = $state.raw<readonly RunView[] | null>(null)
  #chosenId = $state<number | null>(null)
  #undoing = $state<number | null>(null)

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** Null until they are read. */
  get all(): readonly RunView[] | null {
    return this.#all
  }

  /** The one that is looked at: the newest, unless a person chose another. */
  get chosen(): RunView | null {
    return this.#all?.find(({ id }) => id === this.#chosenId) ?? this.#all?.at(0) ?? null
  }

  /** The one that is being undone: its annotations go. */
  get undoing(): number | null {
    return this.#undoing
  }

  choose(id: number): void {
    this.#chosenId = id
  }

  reset(): void {
    this.#all = null
    this.#chosenId = null
  }

  async reload(): Promise<void> {
    const all = await this.#notices.try(() => this.#client.runs.all())
    if (all) this.#all = all
  }

  async undo(id: number): Promise<void> {
    this.#undoing = id
    await tick() // its pictures are asked for no more
    const undone = await this.#notices.try(() => this.#client.runs.undo({ id }))
    if (undone) this.#notices.inform(text.runs.undone(id), text.runs.undoneDetails(undone))
    this.#undoing = null
    await this.reload()
  }

  async again(id: number): Promise<void> {
    await this.#notices.try(() => this.#client.runs.again({ id }))
  }
}
