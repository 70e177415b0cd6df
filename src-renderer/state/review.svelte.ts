import type {
  Annotation,
  Client,
  HistoryView,
  ProposalFilter,
  ProposalOrder,
  ReviewedProposal,
} from '../../src-main/contract/index.ts'
import { text } from '../text.ts'
import type { Notices } from './notices.svelte.ts'
import { currentOf, emptyQueue, moveTo, renew, type ReviewQueue } from './review-queue.ts'

type Answer = Exclude<Annotation['state'], 'draft'>

const all: ProposalFilter = { classId: null, runId: null }

/** The review of proposals, one by one: the queue, the one that is looked at, and a person's answers. */
export class Review {
  readonly #client: Client
  readonly #notices: Notices
  #filter = $state.raw<ProposalFilter>(all)
  #order = $state<ProposalOrder>('least-certain')
  #queue = $state.raw<ReviewQueue | null>(null)
  #shown = $state.raw<ReviewedProposal | null>(null)
  #answers = $state.raw<ReadonlyMap<number, Answer>>(new Map())
  #history = $state.raw<HistoryView>({ undo: null, redo: null })
  /** Read ahead: the next one is there when its turn comes. */
  #reading = new Map<number, Promise<ReviewedProposal | null>>()
  /** Answers, one after the other. */
  #answering: Promise<unknown> = Promise.resolve()
  /** Answers of the host to earlier filters are dropped. */
  #generation = 0
  /** One by one, or by a limit of certainty. */
  mode = $state<'each' | 'limit'>('each')
  /** In percent. */
  limit = $state(80)
  /** Beside the proposal, the annotation that it came from. */
  comparing = $state(false)
  /** A person went to the label screen to correct it, and comes back. */
  correcting = $state<number | null>(null)

  constructor(client: Client, notices: Notices) {
    this.#client = client
    this.#notices = notices
  }

  get filter(): ProposalFilter {
    return this.#filter
  }

  get order(): ProposalOrder {
    return this.#order
  }

  /** Null until it is read. */
  get queue(): ReviewQueue | null {
    return this.#queue
  }

  /** The one that is looked at; null past the end, and until it is read. */
  get shown(): ReviewedProposal | null {
    return this.#shown
  }

  /** The one whose turn it is is still being read: keys that answer are not heard. */
  get isTurning(): boolean {
    return this.#queue !== null && currentOf(this.#queue) !== (this.#shown?.annotation.id ?? null)
  }

  /** What the person said about the one that is looked at. */
  get answer(): Answer | null {
    return this.#shown ? (this.#answers.get(this.#shown.annotation.id) ?? null) : null
  }

  get history(): HistoryView {
    return this.#history
  }

  /** How many were accepted and rejected since the review began. */
  get tally(): Record<Answer, number> {
    const answers = [...this.#answers.values()]
    return {
      accepted: answers.filter((answer) => answer === 'accepted').length,
      rejected: answers.filter((answer) => answer === 'rejected').length,
    }
  }

  /** Begins anew: another project, filter or order. */
  async begin(changes: { filter?: Partial<ProposalFilter>; order?: ProposalOrder } = {}): Promise<void> {
    this.#filter = { ...this.#filter, ...changes.filter }
    this.#order = changes.order ?? this.#order
    this.#generation++
    this.#queue = null
    this.#shown = null
    this.#answers = new Map()
    this.#reading.clear()
    await this.refresh()
  }

  /** Another project. */
  reset(): void {
    this.#filter = all
    this.#queue = null
    this.#shown = null
    this.#answers = new Map()
    this.#reading.clear()
    this.correcting = null
  }

  /** Reads what waits now; the one that is looked at stays, if it is still there. */
  async refresh(): Promise<void> {
    const generation = this.#generation
    const { filter, order } = { filter: this.#filter, order: this.#order }
    const answer = await this.#notices.try(() => this.#client.review.queue({ ...filter, order }))
    if (!answer || generation !== this.#generation) return
    this.#reading.clear()
    await this.#show(renew(this.#queue ?? emptyQueue, answer.ids, new Set(this.#answers.keys())))
    await this.#readHistory()
  }

  next(): Promise<void> {
    return this.#move(1)
  }

  previous(): Promise<void> {
    return this.#move(-1)
  }

  /** And goes on to the next one. @param classId where it is of another class than was proposed */
  async decide(state: Answer, classId?: number): Promise<void> {
    const { shown } = this
    if (!shown || this.isTurning) return
    const { id } = shown.annotation
    this.#setAnswer(id, state)
    this.#reading.delete(id)
    const answered = this.#answering.then(() => this.#tell(id, state, classId))
    this.#answering = answered
    await this.#move(1)
    await answered
  }

  /** As one step, which the notice offers to take back. */
  async acceptAbove(): Promise<void> {
    const done = await this.#notices.try(() => this.#client.review.acceptAbove({ ...this.#filter, limit: this.limit }))
    if (!done) return
    const { accepted, action } = done
    this.#notices.offer(text.review.acceptedAbove(accepted, this.limit), {
      label: text.review.takeBack,
      run: () => void this.#takeBack(action),
    })
    await this.refresh()
  }

  undo(): Promise<void> {
    return this.#step(() => this.#client.review.undo())
  }

  redo(): Promise<void> {
    return this.#step(() => this.#client.review.redo())
  }

  /** After a correction on the label screen: what was accepted there is answered. */
  async comeBack(): Promise<void> {
    const id = this.correcting
    this.correcting = null
    if (id === null) return
    this.#reading.delete(id)
    const found = await this.#notices.try(() => this.#client.review.get({ id }))
    if (found?.annotation.state === 'accepted') {
      this.#setAnswer(id, 'accepted')
      await this.next()
    }
    await this.refresh()
  }

  async #takeBack(action: number | null): Promise<void> {
    if (action === null) return
    const taken = await this.#notices.try(() => this.#client.review.takeBack({ action }))
    if (taken) this.#notices.inform(text.review.tookBack(taken.takenBack, taken.kept))
    await this.refresh()
  }

  async #step(step: () => Promise<unknown>): Promise<void> {
    await this.#answering
    await this.#notices.try(step)
    await this.#learnAnswers()
    await this.refresh()
  }

  /** After undo or redo: what became of the answers, and the last of them that waits again is looked at. */
  async #learnAnswers(): Promise<void> {
    const { ids } = await this.#client.review.queue({ ...this.#filter, order: this.#order })
    const waiting = new Set(ids)
    const reopened = [...this.#answers.keys()].filter((id) => waiting.has(id)).at(-1)
    this.#answers = new Map([...this.#answers].filter(([id]) => !waiting.has(id)))
    this.#reading.clear()
    const place = reopened === undefined ? -1 : (this.#queue?.ids.indexOf(reopened) ?? -1)
    if (this.#queue && place >= 0) await this.#show(moveTo(this.#queue, place))
  }

  async #tell(id: number, state: Answer, classId: number | undefined): Promise<void> {
    const told = await this.#notices.try(async () => {
      await this.#client.review.answer({ id, state, ...(classId !== undefined && { classId }) })
      return true
    })
    if (!told) this.#setAnswer(id, null)
    await this.#readHistory()
  }

  #setAnswer(id: number, answer: Answer | null): void {
    const answers = new Map(this.#answers)
    answers.delete(id)
    if (answer !== null) answers.set(id, answer)
    this.#answers = answers
  }

  async #move(by: number): Promise<void> {
    if (this.#queue) await this.#show(moveTo(this.#queue, this.#queue.position + by))
  }

  async #show(queue: ReviewQueue): Promise<void> {
    this.#queue = queue
    const id = currentOf(queue)
    if (id === null) {
      this.#shown = null
      return
    }
    const shown = await this.#read(id)
    const now = this.queue // another one may have come meanwhile
    if (!now || currentOf(now) !== id) return
    if (shown) this.#shown = shown
    else await this.#show(withoutCurrent(now))
    this.#readAhead()
  }

  #readAhead(): void {
    if (!this.#queue) return
    const { ids, position } = this.#queue
    for (const id of ids.slice(position + 1, position + 3)) void this.#read(id).then(loadImage)
  }

  #read(id: number): Promise<ReviewedProposal | null> {
    const known = this.#reading.get(id)
    if (known) return known
    const reading = this.#notices.try(() => this.#client.review.get({ id })).then((found) => found ?? null)
    this.#reading.set(id, reading)
    return reading
  }

  async #readHistory(): Promise<void> {
    const next = await this.#notices.try(() => this.#client.review.next())
    if (next) this.#history = { undo: next.undo?.label ?? null, redo: next.redo?.label ?? null }
  }
}

function withoutCurrent({ ids, position }: ReviewQueue): ReviewQueue {
  return { ids: ids.filter((_, i) => i !== position), position }
}

function loadImage(proposal: ReviewedProposal | null): void {
  if (proposal) void fetch(`/images/${proposal.image.id}`).catch(() => undefined)
}
