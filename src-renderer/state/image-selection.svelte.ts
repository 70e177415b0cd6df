/** Images that a person picked out of the list, beside the one that is shown. */
export class ImageSelection {
  #ids = $state.raw<ReadonlySet<number>>(new Set())
  /** Where the last one is in the list: a stretch is picked from here. */
  #anchor: number | null = null

  get ids(): ReadonlySet<number> {
    return this.#ids
  }

  has(id: number): boolean {
    return this.#ids.has(id)
  }

  clear(anchor: number | null = null): void {
    this.#ids = new Set()
    this.#anchor = anchor
  }

  /** This one and no other. */
  only(index: number, id: number): void {
    this.#ids = new Set([id])
    this.#anchor = index
  }

  /** The list is in another order now. */
  forgetAnchor(): void {
    this.#anchor = null
  }

  toggle(index: number, id: number): void {
    const ids = new Set(this.#ids)
    if (!ids.delete(id)) ids.add(id)
    this.#ids = ids
    this.#anchor = index
  }

  /** The indices from the last one picked to another, both included. */
  stretchTo(index: number): number[] {
    const from = this.#anchor ?? index
    const first = Math.min(from, index)
    return Array.from({ length: Math.abs(index - from) + 1 }, (_, i) => first + i)
  }

  add(ids: readonly number[]): void {
    this.#ids = new Set([...this.#ids, ...ids])
  }
}
