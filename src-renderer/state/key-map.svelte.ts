import type { Client } from '../../src-main/contract/index.ts'
import { commandIds, type CommandId } from '../keys/command-id.ts'
import { neverMeet } from '../keys/command-screen.ts'
import { defaultKeys } from '../keys/default-keys.ts'
import { showKey, type KeyTable } from '../keys/key-name.ts'
import type { Notices } from './notices.svelte.ts'

type Entry = [CommandId, readonly string[]]

/** The keys of all commands: those that they come with, and what the user made of them. */
export class KeyMap {
  readonly #client: Client
  readonly #notices: Notices
  #changed = $state.raw<Partial<Record<CommandId, readonly string[]>>>({})
  readonly #all: KeyTable = $derived({ ...defaultKeys, ...this.#changed })

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get all(): KeyTable {
    return this.#all
  }

  get isDefault(): boolean {
    return Object.keys(this.#changed).length === 0
  }

  isChanged(command: CommandId): boolean {
    return command in this.#changed
  }

  /** What a button says: its name, and the key if there is one. */
  hint(label: string, command: CommandId): string {
    const key = this.#all[command].at(0)
    return key === undefined ? label : `${label} (${showKey(key)})`
  }

  async load(): Promise<void> {
    const preferences = await this.#notices.try(() => this.#client.preferences.get())
    const kept = preferences?.keys ?? {}
    this.#changed = Object.fromEntries(commandIds.flatMap((id): Entry[] => (id in kept ? [[id, kept[id]]] : [])))
  }

  /** Another command that has the key by now loses it. */
  async give(command: CommandId, key: string): Promise<void> {
    const others = commandIds.filter((id) => id !== command && !neverMeet(id, command) && this.#all[id].includes(key))
    const without = others.map((id): Entry => [id, this.#all[id].filter((each) => each !== key)])
    await this.#set({
      ...this.#changed,
      ...Object.fromEntries(without),
      [command]: [...this.#all[command].filter((each) => each !== key), key],
    })
  }

  async take(command: CommandId, key: string): Promise<void> {
    await this.#set({ ...this.#changed, [command]: this.#all[command].filter((each) => each !== key) })
  }

  /** All keys are again what they come with. */
  async reset(): Promise<void> {
    await this.#set({})
  }

  async #set(changed: Partial<Record<CommandId, readonly string[]>>): Promise<void> {
    this.#changed = changed
    const keys = Object.fromEntries(Object.entries(changed).map(([id, names]) => [id, [...names]]))
    await this.#notices.try(() => this.#client.preferences.set({ keys }))
  }
}
