import type { Project } from '../project/index.ts'

const millisecondsBetweenCommits = 250

/**
 * Writes that follow each other quickly share a transaction, since each waits for the disk. What comes within a quarter of a second is
 * what a crash can cost.
 */
export class WriteBatch {
  readonly #project: Project
  readonly #onCommit: () => void
  #waiting: (() => void)[] = []
  #lastCommit = performance.now()

  /** @param onCommit called after writes have reached the disk */
  constructor(project: Project, onCommit: () => void = () => undefined) {
    this.#project = project
    this.#onCommit = onCommit
  }

  add(write: () => void): void {
    this.#waiting.push(write)
    if (performance.now() - this.#lastCommit >= millisecondsBetweenCommits) this.commit()
  }

  /** To be called in the end, however it ends. */
  commit(): void {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length > 0) {
      this.#project.store.transaction(() => writes.forEach((write) => write()))
      this.#onCommit()
    }
    this.#lastCommit = performance.now()
  }
}
