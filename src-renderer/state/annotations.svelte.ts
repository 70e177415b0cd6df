import { SvelteSet } from 'svelte/reactivity'
import type {
  Annotation,
  Client,
  DoneStep,
  HistoryView,
  ImageChange,
  RunLengths,
  Shape,
} from '../../src-main/contract/index.ts'
import { unite } from '../../src-main/masks/index.ts'
import { text } from '../text.ts'
import type { Notices } from './notices.svelte.ts'

const noHistory: HistoryView = { undo: null, redo: null }

/** Whole pixels, to the right and down. */
export interface Shift {
  x: number
  y: number
}

/** The annotations of the image that is shown. Each change is in the store when its promise resolves. */
export class Annotations {
  readonly #client: Client
  readonly #notices: Notices
  #imageId = $state<number | null>(null)
  /** Null while nothing is known of the image. */
  #revision: number | null = null
  #all = $state.raw<readonly Annotation[]>([])
  #history = $state.raw<HistoryView>(noHistory)
  #absentClasses = $state.raw<readonly number[]>([])
  /** In the order in which they were selected. */
  #selectedIds = $state.raw<readonly number[]>([])
  /** What a person selected or deselected since is not undone by an answer that comes late. */
  #selections = 0
  /** Changes, one after the other: a second stroke builds on what the first one made. */
  #changing: Promise<unknown> = Promise.resolve()
  /** Moves by keys that wait for the one before. */
  #nudge: Shift | null = null
  readonly #visible = $derived(this.#all.filter(({ hidden }) => !hidden))
  readonly #selection = $derived(this.#selectedIds.flatMap((id) => this.#all.find((each) => each.id === id) ?? []))
  /** Names of attributes that were seen since the page was loaded, to be offered again. */
  readonly attributeNames = new SvelteSet<string>()

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  /** From back to front. */
  get all(): readonly Annotation[] {
    return this.#all
  }

  get visible(): readonly Annotation[] {
    return this.#visible
  }

  get history(): HistoryView {
    return this.#history
  }

  /** Classes that a person said are not in the image. */
  get absentClasses(): readonly number[] {
    return this.#absentClasses
  }

  get selection(): readonly Annotation[] {
    return this.#selection
  }

  get selectedIds(): readonly number[] {
    return this.#selectedIds
  }

  /** The one that is selected; null where none is, or several are. */
  get selected(): Annotation | null {
    return this.#selection.length === 1 ? this.#selection[0] : null
  }

  select(ids: readonly number[]): void {
    this.#selections++
    this.#selectedIds = ids
  }

  toggleSelected(id: number): void {
    const without = this.#selectedIds.filter((each) => each !== id)
    this.select(without.length < this.#selectedIds.length ? without : [...this.#selectedIds, id])
  }

  /** Shows another image, or none. */
  async show(imageId: number | null): Promise<void> {
    if (imageId === this.#imageId) return
    this.#imageId = imageId
    this.#revision = null
    this.#all = []
    this.#history = noHistory
    this.#absentClasses = []
    this.#nudge = null
    this.select([])
    await this.#read()
  }

  /** Reads what changed elsewhere: nothing, as a rule, since a change's own answer has told. */
  refresh(): Promise<void> {
    return this.#changing.then(() => this.#read())
  }

  /** The host is another one, which counts revisions from the beginning. */
  readAnew(): Promise<void> {
    this.#revision = null
    return this.refresh()
  }

  /** The new one is selected, so that the next stroke adds to it. @param imageId not the one that is shown, where a person has gone on */
  add(imageId: number, classId: number, shape: Shape): Promise<void> {
    const selections = this.#selections
    return this.#change(() => this.#add(imageId, classId, shape, selections))
  }

  /** A stroke of the brush: part of the annotation that is selected when its turn comes, else the beginning of a new one. */
  paint(classId: number, mask: RunLengths): Promise<void> {
    const imageId = this.#imageId
    const selections = this.#selections
    return this.#change(() => {
      const selected = selections === this.#selections ? this.selected : null
      if (!selected) return this.#add(imageId, classId, { kind: 'mask', mask }, selections)
      const shape: Shape = { kind: 'mask', mask: unite(selected.mask, mask) }
      return this.#client.annotations.setShape({ id: selected.id, shape })
    })
  }

  /** @param shape from the annotation as it is when its turn comes; null removes it */
  reshape(id: number, shape: (annotation: Annotation) => Shape | null): Promise<void> {
    return this.#change(async () => {
      const annotation = this.#all.find((each) => each.id === id)
      if (!annotation) return null
      const changed = shape(annotation)
      if (changed === null) return this.#client.annotations.remove({ ids: [id] })
      return this.#client.annotations.setShape({ id, shape: changed })
    })
  }

  setClass(ids: readonly number[], classId: number): Promise<void> {
    return this.#change(() => this.#client.annotations.setClass({ ids: [...ids], classId }))
  }

  setState(id: number, state: Annotation['state']): Promise<void> {
    return this.#change(() => this.#client.annotations.setState({ ids: [id], state }))
  }

  remove(ids: readonly number[]): Promise<void> {
    return this.#change(() => this.#client.annotations.remove({ ids: [...ids] }))
  }

  /** Moves what is selected, no farther than the edges of the image. */
  move(by: Shift, image: { width: number; height: number }): Promise<void> {
    const { selection } = this
    const possible = withinImage(selection, by, image)
    if (possible.x === 0 && possible.y === 0) return Promise.resolve()
    const ids = selection.map(({ id }) => id)
    return this.#change(() => this.#client.annotations.move({ ids, by: possible }))
  }

  /** A move by a key. While the key is held faster than moves are stored, those that wait become one. */
  nudge(by: Shift, image: { width: number; height: number }): Promise<void> {
    const waits = this.#nudge !== null
    this.#nudge = { x: (this.#nudge?.x ?? 0) + by.x, y: (this.#nudge?.y ?? 0) + by.y }
    if (waits) return Promise.resolve()
    return this.#change(async () => {
      const { selection } = this
      const possible = withinImage(selection, this.#nudge ?? { x: 0, y: 0 }, image)
      this.#nudge = null
      if (selection.length === 0 || (possible.x === 0 && possible.y === 0)) return null
      return this.#client.annotations.move({ ids: selection.map(({ id }) => id), by: possible })
    })
  }

  /** Copies of what is selected, a little beside it, which are then selected. */
  duplicate(by: Shift, image: { width: number; height: number }): Promise<void> {
    const { selection } = this
    const ids = selection.map(({ id }) => id)
    return this.#change(async () => {
      const made = await this.#client.annotations.duplicate({ ids, by: withinImage(selection, by, image) })
      this.select(made.ids)
      return made.change
    })
  }

  /** What is selected becomes one: the first. */
  merge(): Promise<void> {
    const ids = [...this.#selectedIds]
    return this.#change(async () => {
      const change = await this.#client.annotations.merge({ ids })
      this.select([ids[0]])
      return change
    })
  }

  /** The selected one falls into its parts, which are then selected. */
  split(id: number): Promise<void> {
    return this.#change(async () => {
      const made = await this.#client.annotations.split({ id })
      this.select(made.ids)
      return made.change
    })
  }

  /** Takes the pixels of the others that are selected away from the first. */
  subtract(): Promise<void> {
    const [id, ...others] = this.#selectedIds
    return this.#change(async () => {
      const change = await this.#client.annotations.subtract({ id, others })
      this.select([id])
      return change
    })
  }

  setOrder(ids: readonly number[], to: 'front' | 'back'): Promise<void> {
    return this.#change(() => this.#client.annotations.setOrder({ ids: [...ids], to }))
  }

  setHidden(ids: readonly number[], hidden: boolean): Promise<void> {
    return this.#change(() => this.#client.annotations.setHidden({ ids: [...ids], hidden }))
  }

  setLocked(ids: readonly number[], locked: boolean): Promise<void> {
    return this.#change(() => this.#client.annotations.setLocked({ ids: [...ids], locked }))
  }

  setAttributes({ id, crowd }: Annotation, attributes: Annotation['attributes']): Promise<void> {
    return this.#change(() => this.#client.annotations.setAttributes({ id, attributes, crowd }))
  }

  setCrowd({ id, attributes }: Annotation, crowd: boolean): Promise<void> {
    return this.#change(() => this.#client.annotations.setAttributes({ id, attributes, crowd }))
  }

  setAbsent(classId: number, absent: boolean): Promise<void> {
    const imageId = this.#imageId
    return this.#change(async () =>
      imageId === null ? null : this.#client.annotations.setAbsent({ imageId, classId, absent }),
    )
  }

  undo(): Promise<void> {
    return this.#step((imageId) => this.#client.history.undo({ imageId }), text.across.undone)
  }

  redo(): Promise<void> {
    return this.#step((imageId) => this.#client.history.redo({ imageId }), text.across.redone)
  }

  async #add(imageId: number | null, classId: number, shape: Shape, selections: number): Promise<ImageChange | null> {
    if (imageId === null) return null
    const { id, change } = await this.#client.annotations.add({ imageId, classId, shape })
    if (selections === this.#selections && imageId === this.#imageId) this.#selectedIds = [id]
    return change
  }

  /** @param tell what is said of a step that reached other images too */
  #step(step: (imageId: number) => Promise<DoneStep>, tell: (label: string) => string): Promise<void> {
    const imageId = this.#imageId
    return this.#change(async () => {
      if (imageId === null) return null
      const { label, across } = await step(imageId)
      if (across) this.#notices.inform(tell(label ?? ''), text.across.extent(across))
      return null
    })
  }

  #change(work: () => Promise<ImageChange | null>): Promise<void> {
    const changed = this.#changing.then(async () => {
      const change = await this.#notices.try(work)
      if (!change || !this.#apply(change)) await this.#read()
    })
    this.#changing = changed
    return changed
  }

  /** @returns false where something else has changed too, or another image is shown by now */
  #apply({ imageId, from, revision, changed, removed, absentClasses, history }: ImageChange): boolean {
    if (imageId !== this.#imageId || from !== this.#revision) return false
    const gone = new Set([...removed, ...changed.map(({ id }) => id)])
    this.#show(
      [...this.#all.filter(({ id }) => !gone.has(id)), ...changed].sort(
        (a, b) => a.position - b.position || a.id - b.id,
      ),
    )
    this.#revision = revision
    this.#absentClasses = absentClasses
    this.#history = history
    return true
  }

  /** Asks for the image as it is, which is little where it is as it was. */
  async #read(): Promise<void> {
    const imageId = this.#imageId
    if (imageId === null) return
    const known = this.#revision
    const answer = await this.#notices.try(() => this.#client.annotations.ofImage({ imageId, known }))
    if (!answer || imageId !== this.#imageId) return
    this.#show(answer.annotations)
    this.#revision = answer.revision
    this.#absentClasses = answer.absentClasses
    this.#history = answer.history
  }

  #show(all: readonly Annotation[]): void {
    this.#all = all
    for (const { attributes } of all) for (const name of Object.keys(attributes)) this.attributeNames.add(name)
  }
}

/** As much of a shift as keeps all of it in the image. */
function withinImage(annotations: readonly Annotation[], by: Shift, image: { width: number; height: number }): Shift {
  const inside = (shift: number, ends: [number, number][], room: number) => {
    const least = -Math.min(...ends.map(([start]) => start))
    const most = room - Math.max(...ends.map(([, end]) => end))
    return Math.round(Math.min(most, Math.max(least, shift)))
  }
  const boxes = annotations.map(({ box }) => box)
  if (boxes.length === 0) return { x: 0, y: 0 }
  const columns = boxes.map(({ x, width }): [number, number] => [x, x + width])
  const rows = boxes.map(({ y, height }): [number, number] => [y, y + height])
  return { x: inside(by.x, columns, image.width), y: inside(by.y, rows, image.height) }
}
