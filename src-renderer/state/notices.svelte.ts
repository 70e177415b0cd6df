import { CribsheetError } from '../../src-main/contract/index.ts'
import { text } from '../text.ts'

/** Something that a person is told, until it is dismissed. */
export interface Notice {
  id: number
  kind: 'error' | 'information'
  message: string
  file: string | null
  advice: string
  code: string | null
  /** What it offers to do; then it is dismissed. */
  action: { label: string; run: () => void } | null
}

const most = 4

export class Notices {
  #all = $state.raw<readonly Notice[]>([])
  #lastId = 0
  /** Of each dialog that is open, the last one on top: the newest notice that was there before it. */
  #dialogs = $state.raw<readonly { newestBefore: number }[]>([])

  /** What the page shows. What comes while a dialog is open is shown in that: behind it, one could neither read it nor reach it. */
  get onPage(): readonly Notice[] {
    const first = this.#dialogs.at(0)
    return first ? this.#all.filter(({ id }) => id <= first.newestBefore) : this.#all
  }

  /** What the topmost dialog shows. */
  get inDialog(): readonly Notice[] {
    const top = this.#dialogs.at(-1)
    return top ? this.#all.filter(({ id }) => id > top.newestBefore) : []
  }

  /** A dialog opens. @returns what is called when it is gone */
  enterDialog(): () => void {
    const dialog = { newestBefore: this.#lastId }
    this.#dialogs = [...this.#dialogs, dialog]
    return () => (this.#dialogs = this.#dialogs.filter((each) => each !== dialog))
  }

  /** What happened, to which file, and what to do; never a stack. */
  showError(error: unknown): void {
    if (error instanceof CribsheetError) {
      const { message, file = null, advice, code } = error
      if (code === 'connection-lost') return // the whole page says so
      this.#add({ kind: 'error', message, file, advice, code, action: null })
    } else {
      console.error(error)
      this.#add({ kind: 'error', ...text.unexpected, file: null, code: null, action: null })
    }
  }

  inform(message: string, advice = ''): void {
    this.#add({ kind: 'information', message, advice, file: null, code: null, action: null })
  }

  /** Tells, and offers something to do about it. */
  offer(message: string, action: { label: string; run: () => void }): void {
    this.#add({ kind: 'information', message, advice: '', file: null, code: null, action })
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((notice) => notice.id !== id)
  }

  /** What the topmost dialog shows goes: it is about what is tried again now. */
  clearDialog(): void {
    const shown = new Set(this.inDialog)
    this.#all = this.#all.filter((notice) => !shown.has(notice))
  }

  /** Waits for an action, and shows what it throws. @returns undefined where it threw */
  async try<Result>(action: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await action()
    } catch (error) {
      this.showError(error)
      return undefined
    }
  }

  #add(notice: Omit<Notice, 'id'>): void {
    const others = this.#all.filter(({ message }) => message !== notice.message)
    this.#all = [...others, { id: ++this.#lastId, ...notice }].slice(-most)
  }
}
