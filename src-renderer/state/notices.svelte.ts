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

  get all(): readonly Notice[] {
    return this.#all
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
