import {
  messageToError,
  type Channel,
  type Client,
  type DesktopApi,
  type HostEvent,
  type JobView,
  type Likeness,
  type ListedImage,
  type ProjectView,
  type RecentProject,
  type RunLengths,
  type Shape,
  type Status,
} from '../../src-main/contract/index.ts'
import type { ScreenId } from '../workspace/screen-id.ts'
import { text } from '../text.ts'
import { Annotations } from './annotations.svelte.ts'
import { Classes } from './classes.svelte.ts'
import { Clicks } from './clicks.svelte.ts'
import { Explore } from './explore.svelte.ts'
import { KeyMap } from './key-map.svelte.ts'
import { ImageList } from './image-list.svelte.ts'
import { ImageSelection } from './image-selection.svelte.ts'
import { LabelTools } from './label-tools.svelte.ts'
import { Line } from './line.svelte.ts'
import { MaskLook } from './mask-look.svelte.ts'
import { Notices } from './notices.svelte.ts'
import { Overview } from './overview.svelte.ts'
import { Paced, settleMilliseconds } from './paced.ts'
import { Review } from './review.svelte.ts'
import { Runs } from './runs.svelte.ts'
import { Suggestions } from './suggestions.svelte.ts'
import { Training } from './training.svelte.ts'

export type DialogName =
  'propagate' | 'import' | 'export' | 'backups' | 'settings' | 'weights' | 'keys' | 'give-up-training'

/** What the screens share. One for the page; screens get it by `useApp()`. */
export class App {
  readonly line: Line
  readonly client: Client
  /** Null in a browser tab. */
  readonly desktop: DesktopApi | null
  readonly notices = new Notices()
  readonly images: ImageList
  readonly annotations: Annotations
  readonly classes: Classes
  readonly clicks: Clicks
  readonly explore: Explore
  readonly training: Training
  readonly tools = new LabelTools()
  readonly look: MaskLook
  readonly selection = new ImageSelection()
  readonly overview: Overview
  readonly review: Review
  readonly runs: Runs
  readonly suggestions: Suggestions
  readonly keys: KeyMap

  screen = $state<ScreenId>('label')
  dialog = $state<DialogName | null>(null)
  #project = $state.raw<ProjectView | null>(null)
  #recent = $state.raw<readonly RecentProject[] | null>(null)
  #jobs = $state.raw<readonly JobView[]>([])
  #status = $state.raw<Status>({ device: null, problem: null, weights: null })
  #current = $state.raw<ListedImage | null>(null)
  #currentIndex = $state(0)
  #opening = $state(false)
  readonly #imagesReload = new Paced(() => this.#refreshImages())
  readonly #classesReload = new Paced(() => this.#refreshClasses())
  #showingTimer: ReturnType<typeof setTimeout> | undefined

  /** @param connect makes a channel to the host, once `channel` is lost */
  constructor(channel: Channel, connect: () => Promise<Channel>, desktop: DesktopApi | null) {
    // Heard before the line hears that it is lost, and asks for the host again.
    desktop?.onHostLost((isRestarted) => {
      if (!isRestarted) this.line.giveUp()
    })
    this.line = new Line(channel, connect, {
      onEvent: (event) => this.#hear(event),
      onReturn: () => this.#comeBack(),
    })
    this.client = this.line.client
    this.desktop = desktop
    this.images = new ImageList(this.client, this.notices)
    this.annotations = new Annotations(this.client, this.notices)
    this.classes = new Classes(this.client, this.notices)
    this.review = new Review(this.client, this.notices)
    this.runs = new Runs(this.client, this.notices)
    this.suggestions = new Suggestions(this.client, this.notices)
    this.keys = new KeyMap(this.client, this.notices)
    this.look = new MaskLook(this.client, this.notices)
    this.clicks = new Clicks(this.client, this.notices)
    this.explore = new Explore(this.client, this.notices)
    this.training = new Training(this.client, this.notices)
    this.overview = new Overview(this.client, this.notices, this.images, this.selection)
  }

  get project(): ProjectView | null {
    return this.#project
  }

  /** Null until they are read. */
  get recent(): readonly RecentProject[] | null {
    return this.#recent
  }

  get jobs(): readonly JobView[] {
    return this.#jobs
  }

  get status(): Status {
    return this.#status
  }

  /** The image that is shown. */
  get current(): ListedImage | null {
    return this.#current
  }

  get currentIndex(): number {
    return this.#currentIndex
  }

  get opening(): boolean {
    return this.#opening
  }

  /** What the host knows at the start. */
  async load(): Promise<void> {
    await Promise.all([this.keys.load(), this.look.load()])
    await this.notices.try(() => this.#read())
    await this.loadRecent()
  }

  /** Another host has the project now: the page shows what that knows, where it was. @throws CribsheetError connection-lost */
  async #comeBack(): Promise<void> {
    const folder = this.#project?.folder
    await this.#read()
    if (this.#project !== null && this.#project.folder === folder) {
      await Promise.all([
        this.annotations.readAnew(),
        this.classes.reload(),
        this.#refreshImages(),
        this.training.hear(),
      ])
      await this.#refreshReview()
    }
    this.notices.inform(text.lost.back, text.lost.backAdvice)
  }

  async #read(): Promise<void> {
    const [project, jobs, status] = await Promise.all([
      this.client.project.current(),
      this.client.jobs.all(),
      this.client.status.get(),
    ])
    this.#jobs = jobs
    this.#status = status
    await this.#showProject(project)
  }

  async loadRecent(): Promise<void> {
    this.#recent = (await this.notices.try(() => this.client.project.recent())) ?? []
  }

  open(folder: string): Promise<void> {
    return this.#open(() => this.client.project.open({ folder }))
  }

  openSample(): Promise<void> {
    return this.#open(() => this.client.project.openSample())
  }

  async closeProject(): Promise<void> {
    await this.notices.try(() => this.client.project.close())
    await this.loadRecent()
  }

  /** What a restore would stop, and a person be told of. */
  get busyJobs(): readonly JobView[] {
    return this.#jobs.filter((job) => !hasEnded(job) && !resumesItself(job))
  }

  /** The project becomes what it was when a backup was made, and is opened again. @returns whether it did */
  async restore(id: string, stopJobs: boolean): Promise<boolean> {
    const done = await this.notices.try(() => this.client.backups.restore({ id, stopJobs }))
    if (done) this.notices.inform(text.backups.done, text.backups.doneHint)
    return done !== undefined
  }

  async forget(folder: string): Promise<void> {
    await this.notices.try(() => this.client.project.forget({ folder }))
    await this.loadRecent()
  }

  /** Shows the image at an index of the list; does nothing past its ends. */
  async showAt(index: number): Promise<void> {
    const image = await this.images.fetch(index)
    if (!image) return
    this.#currentIndex = index
    this.#current = image
    await this.annotations.show(image.id)
  }

  /** Shows an image wherever it is in the list, or though it is not in it: the label screen comes to the front. */
  async showImage(imageId: number, annotationId: number | null = null): Promise<void> {
    this.screen = 'label'
    const index = this.images.indexOf(imageId)
    const image = await this.notices.try(() => this.client.images.get({ id: imageId }))
    if (!image) return
    this.#currentIndex = index ?? this.#currentIndex
    this.#current = image
    await this.annotations.show(image.id)
    this.annotations.select(annotationId === null ? [] : [annotationId])
  }

  /** From the overview to the label screen. What was selected there for something stays selected. */
  async openFromOverview(index: number): Promise<void> {
    const image = await this.images.fetch(index)
    if (!image) return
    if (this.selection.ids.size <= 1) this.selection.clear(index)
    await this.showImage(image.id)
  }

  /** To the label screen with a tool, to correct what is reviewed; `comeBack` leads back. */
  async correct(tool: 'brush' | 'eraser'): Promise<void> {
    const { shown } = this.review
    if (!shown) return
    this.review.correcting = shown.annotation.id
    this.tools.tool = tool
    await this.showImage(shown.image.id, shown.annotation.id)
  }

  async backToReview(): Promise<void> {
    this.screen = 'review'
    await this.review.comeBack()
  }

  /** A click on an image of the list: with Ctrl it is picked or left out, with Shift a stretch of the list is picked. */
  async pick(
    index: number,
    { ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  ): Promise<void> {
    if (shiftKey) {
      const stretch = this.selection.stretchTo(index)
      this.selection.add(await this.images.ids(stretch[0], stretch.length))
    } else if (ctrlKey || metaKey) {
      const image = await this.images.fetch(index)
      if (image) this.selection.toggle(index, image.id)
    } else {
      this.selection.clear(index)
      await this.showAt(index)
    }
  }

  /** Tells the host which images are in sight: their proposals come first. */
  tellShowing(first: number, end: number): void {
    clearTimeout(this.#showingTimer)
    this.#showingTimer = setTimeout(() => {
      const inSight = Array.from({ length: Math.min(100, end - first) }, (_, i) => this.images.at(first + i)?.id ?? [])
      const imageIds = [...new Set([this.#current?.id ?? [], ...inSight].flat())]
      void this.notices.try(() => this.client.jobs.showing({ imageIds }))
    }, settleMilliseconds)
  }

  /** Adds what was drawn as the active class. */
  async draw(shape: Shape): Promise<void> {
    const imageId = this.#current?.id // another one may be shown when the class is there
    const classId = await this.classes.provideActive()
    if (classId !== null && imageId !== undefined) await this.annotations.add(imageId, classId, shape)
  }

  /** Adds a stroke of the brush, as the active class where it begins an annotation. */
  async paint(mask: RunLengths): Promise<void> {
    const classId = await this.classes.provideActive()
    if (classId !== null) await this.annotations.paint(classId, mask)
  }

  /** Shows the objects that are like something, on their screen. */
  showSimilar(of: Likeness): void {
    this.screen = 'explore'
    void this.explore.show({ kind: 'like', of })
  }

  async #open(open: () => Promise<ProjectView>): Promise<void> {
    this.#opening = true
    const project = await this.notices.try(open)
    if (project) await this.#showProject(project)
    this.#opening = false
  }

  /** Where it is another one, everything is read anew. */
  async #showProject(project: ProjectView | null): Promise<void> {
    const isOther = project?.folder !== this.#project?.folder
    this.#project = project
    if (!isOther) return
    this.#current = null
    this.dialog = null
    this.selection.clear()
    this.review.reset()
    this.runs.reset()
    this.suggestions.reset()
    this.screen = 'label'
    this.explore.reset()
    this.overview.reset()
    this.training.reset()
    await this.annotations.show(null)
    if (project === null) return
    await Promise.all([this.images.reset(), this.classes.reload(), this.training.reload(), this.suggestions.reload()])
    await this.showAt(0)
  }

  #hear(event: HostEvent): void {
    switch (event.type) {
      case 'project':
        void this.#showProject(event.project)
        break
      case 'jobs':
        this.#hearJobs(event.jobs)
        break
      case 'status':
        this.#status = event.status
        break
      case 'annotations-changed':
        if (event.imageId === this.#current?.id) void this.annotations.refresh()
        break
      case 'training-changed':
        void this.training.hear()
        break
      case 'images-changed':
        this.#imagesReload.call()
        break
      case 'classes-changed':
        this.#classesReload.call()
        break
      case 'suggestions-changed':
        if (this.#project) void this.suggestions.reload()
        break
      case 'notice':
        if (event.recovered) this.notices.inform(text.notice.engineBack, event.error.message)
        else this.notices.showError(messageToError(event.error))
    }
  }

  #hearJobs(jobs: readonly JobView[]): void {
    const endedBefore = new Set(this.#jobs.filter(hasEnded).map(({ id }) => id))
    const failedBefore = new Set(this.#jobs.filter(({ state }) => state === 'failed').map(({ id }) => id))
    this.#jobs = jobs
    for (const { id, state, error } of jobs)
      if (state === 'failed' && error && !failedBefore.has(id)) this.notices.showError(messageToError(error))
    if (jobs.some((job) => job.kind === 'train' && hasEnded(job) && !endedBefore.has(job.id)))
      void this.training.reload()
    const ended = jobs.filter((job) => hasEnded(job) && !endedBefore.has(job.id) && proposes(job))
    if (ended.length > 0) void this.#proposalsCame(ended)
    const imported = jobs.find(
      ({ id, kind, state }) => kind === 'import' && state === 'finished' && !endedBefore.has(id),
    )
    if (imported) void this.#importEnded(imported)
  }

  async #importEnded({ runId }: JobView): Promise<void> {
    await this.runs.reload()
    const run = this.runs.all?.find(({ id }) => id === runId)
    if (!run) return
    this.notices.offer(text.import.done(run.counts.accepted), {
      label: text.import.show,
      run: () => {
        this.screen = 'runs'
        this.runs.choose(run.id)
      },
    })
  }

  async #proposalsCame(jobs: readonly JobView[]): Promise<void> {
    await Promise.all([this.runs.reload(), this.#refreshReview()])
    const run = this.runs.all?.find(({ id }) => jobs.some(({ kind, runId }) => kind === 'propagate' && runId === id))
    if (!run || this.screen === 'review') return
    if (run.counts.drafts === 0) this.notices.inform(text.propagate.found(0))
    else
      this.notices.offer(text.propagate.found(run.counts.drafts), {
        label: text.propagate.review,
        run: () => this.reviewRun(run.id),
      })
  }

  /** To the review of what a run proposed. */
  reviewRun(runId: number | null): void {
    this.screen = 'review'
    void this.review.begin({ filter: { runId, classId: null } })
  }

  async #refreshReview(): Promise<void> {
    if (this.screen === 'review') await this.review.refresh()
  }

  async #refreshClasses(): Promise<void> {
    await this.classes.reload()
    if (this.screen === 'overview') await this.overview.reload()
  }

  /** The image that is shown stays, wherever it went in the list. */
  async #refreshImages(): Promise<void> {
    if (this.#project === null) return
    if (this.#jobs.some((job) => job.state === 'running' && proposes(job))) void this.#refreshReview()
    void this.suggestions.reload()
    if (this.screen === 'overview') void this.overview.reload()
    await this.images.refresh(this.screen === 'overview' ? this.overview.index : this.#currentIndex)
    if (this.#current === null) return
    await this.annotations.refresh()
    const index = this.images.indexOf(this.#current.id)
    if (index === null) return
    this.#currentIndex = index
    this.#current = this.images.at(index) ?? this.#current
  }
}

function hasEnded({ state }: JobView): boolean {
  return state !== 'waiting' && state !== 'running'
}

/** Begun again by the host where it was stopped. */
function resumesItself({ kind }: JobView): boolean {
  return kind === 'embed' || kind === 'suggest' || kind === 'update-proposals'
}

function proposes({ kind }: JobView): boolean {
  return kind === 'propagate' || kind === 'update-proposals'
}
