import type { Annotation, Client, HistoryView, RunLengths, Shape } from '../../src-main/contract/index.ts'
import { unite } from '../../src-main/masks/index.ts'
import type { Notices } from './notices.svelte.ts'

const noHistory: HistoryView = { undo: null, redo: null }

/** The annotations of the image that is shown. Each change is in the store when its promise resolves. */
export class Annotations {
  readonly #client: Client
  readonly #notices: Notices
  #imageId = $state<number | null>(null)
  #all = $state.raw<readonly Annotation[]>([])
  #history = $state.raw<HistoryView>(noHistory)
  #selectedId = $state<number | null>(null)
  /** What a person selected or deselected since is not undone by an answer that comes late. */
  #selections = 0
  #hidden = $state.raw<ReadonlySet<number>>(new Set())
  /** Changes, one after the other: a second stroke builds on what the first one made. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get all(): readonly Annotation[] {
    return this.#all
  }

  get visible(): readonly Annotation[] {
    return this.#all.filter(({ id }) => !this.#hidden.has(id))
  }

  get history(): HistoryView {
    return this.#history
  }

  get selected(): Annotation | null {
    return this.#all.find(({ id }) => id === this.#selectedId) ?? null
  }

  isHidden(id: number): boolean {
    return this.#hidden.has(id)
  }

  select(id: number | null): void {
    this.#selections++
    this.#selectedId = id
  }

  toggleHidden(id: number): void {
    const hidden = new Set(this.#hidden)
    if (!hidden.delete(id)) hidden.add(id)
    this.#hidden = hidden
  }

  /** Shows another image, or none. */
  async show(imageId: number | null): Promise<void> {
    if (imageId === this.#imageId) return
    this.#imageId = imageId
    this.#selections++
    this.#all = []
    this.#history = noHistory
    this.#selectedId = null
    this.#hidden = new Set()
    await this.reload()
  }

  async reload(): Promise<void> {
    const imageId = this.#imageId
    if (imageId === null) return
    const answer = await this.#notices.try(() => this.#client.annotations.ofImage({ imageId }))
    if (!answer || imageId !== this.#imageId) return
    this.#all = answer.annotations
    this.#history = answer.history
  }

  /** The new one is selected, so that the next stroke adds to it. */
  add(classId: number, shape: Shape): Promise<void> {
    const imageId = this.#imageId
    const selections = this.#selections
    return this.#change(() => this.#add(imageId, classId, shape, selections))
  }

  /** A stroke of the brush: part of the annotation that is selected when its turn comes, else the beginning of a new one. */
  paint(classId: number, mask: RunLengths): Promise<void> {
    const imageId = this.#imageId
    const selections = this.#selections
    return this.#change(async () => {
      const selected = selections === this.#selections ? this.selected : null
      if (!selected) return this.#add(imageId, classId, { kind: 'mask', mask }, selections)
      const shape: Shape = { kind: 'mask', mask: unite(selected.mask, mask) }
      await this.#client.annotations.setShape({ id: selected.id, shape })
    })
  }

  /** @param shape from the annotation as it is when its turn comes; null removes it */
  reshape(id: number, shape: (annotation: Annotation) => Shape | null): Promise<void> {
    return this.#change(async () => {
      const annotation = this.#all.find((each) => each.id === id)
      if (!annotation) return
      const changed = shape(annotation)
      if (changed === null) await this.#client.annotations.remove({ ids: [id] })
      else await this.#client.annotations.setShape({ id, shape: changed })
    })
  }

  setClass(id: number, classId: number): Promise<void> {
    return this.#change(() => this.#client.annotations.setClass({ ids: [id], classId }))
  }

  setState(id: number, state: Annotation['state']): Promise<void> {
    return this.#change(() => this.#client.annotations.setState({ ids: [id], state }))
  }

  remove(id: number): Promise<void> {
    return this.#change(() => this.#client.annotations.remove({ ids: [id] }))
  }

  undo(): Promise<void> {
    return this.#step((imageId) => this.#client.history.undo({ imageId }))
  }

  redo(): Promise<void> {
    return this.#step((imageId) => this.#client.history.redo({ imageId }))
  }

  async #add(imageId: number | null, classId: number, shape: Shape, selections: number): Promise<void> {
    if (imageId === null) return
    const { id } = await this.#client.annotations.add({ imageId, classId, shape })
    if (selections === this.#selections) this.#selectedId = id
  }

  #step(step: (imageId: number) => Promise<unknown>): Promise<void> {
    const imageId = this.#imageId
    return this.#change(async () => {
      if (imageId !== null) await step(imageId)
    })
  }

  #change(work: () => Promise<unknown>): Promise<void> {
    const changed = this.#changing.then(async () => {
      await this.#notices.try(work)
      await this.reload()
    })
    this.#changing = changed
    return changed
  }
}
