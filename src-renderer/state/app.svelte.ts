import {
  Connection,
  messageToError,
  type Channel,
  type Client,
  type DesktopApi,
  type HostEvent,
  type JobView,
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
import { KeyMap } from './key-map.svelte.ts'
import { ImageList } from './image-list.svelte.ts'
import { LabelTools } from './label-tools.svelte.ts'
import { Notices } from './notices.svelte.ts'

export type DialogName = 'propagate' | 'export' | 'weights' | 'keys'

/** Events that come in a burst cause one reload. */
const settleMilliseconds = 60

/** What the screens share. One for the page; screens get it by `useApp()`. */
export class App {
  readonly client: Client
  /** Null in a browser tab. */
  readonly desktop: DesktopApi | null
  readonly notices = new Notices()
  readonly images: ImageList
  readonly annotations: Annotations
  readonly classes: Classes
  readonly tools = new LabelTools()
  readonly keys: KeyMap

  screen = $state<ScreenId>('label')
  dialog = $state<DialogName | null>(null)
  #project = $state.raw<ProjectView | null>(null)
  #recent = $state.raw<readonly RecentProject[] | null>(null)
  #jobs = $state.raw<readonly JobView[]>([])
  #status = $state.raw<Status>({ device: null, problem: null, weights: null })
  #current = $state.raw<ListedImage | null>(null)
  #currentIndex = $state(0)
  #lost = $state(false)
  #opening = $state(false)
  #imagesTimer: ReturnType<typeof setTimeout> | undefined
  #classesTimer: ReturnType<typeof setTimeout> | undefined

  constructor(channel: Channel, desktop: DesktopApi | null) {
    const connection = new Connection(channel, {
      onEvent: (event) => this.#hear(event),
      onLost: () => (this.#lost = true),
    })
    this.client = connection.client
    this.desktop = desktop
    this.images = new ImageList(this.client, this.notices)
    this.annotations = new Annotations(this.client, this.notices)
    this.classes = new Classes(this.client, this.notices)
    this.keys = new KeyMap(this.client, this.notices)
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

  /** The connection to the host is gone. */
  get lost(): boolean {
    return this.#lost
  }

  get opening(): boolean {
    return this.#opening
  }

  /** What the host knows at the start. */
  async load(): Promise<void> {
    await this.keys.load()
    await this.notices.try(async () => {
      const [project, jobs, status] = await Promise.all([
        this.client.project.current(),
        this.client.jobs.all(),
        this.client.status.get(),
      ])
      this.#jobs = jobs
      this.#status = status
      await this.#showProject(project)
    })
    await this.loadRecent()
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

  /** Adds what was drawn as the active class. */
  async draw(shape: Shape): Promise<void> {
    const classId = await this.classes.provideActive()
    if (classId !== null) await this.annotations.add(classId, shape)
  }

  /** Adds a stroke of the brush, as the active class where it begins an annotation. */
  async paint(mask: RunLengths): Promise<void> {
    const classId = await this.classes.provideActive()
    if (classId !== null) await this.annotations.paint(classId, mask)
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
    await this.annotations.show(null)
    if (project === null) return
    await Promise.all([this.images.reset(), this.classes.reload()])
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
      case 'images-changed':
        clearTimeout(this.#imagesTimer)
        this.#imagesTimer = setTimeout(() => void this.#refreshImages(), settleMilliseconds)
        break
      case 'classes-changed':
        clearTimeout(this.#classesTimer)
        this.#classesTimer = setTimeout(() => void this.classes.reload(), settleMilliseconds)
        break
      case 'notice':
        if (event.recovered) this.notices.inform(text.notice.engineBack, event.error.message)
        else this.notices.showError(messageToError(event.error))
    }
  }

  #hearJobs(jobs: readonly JobView[]): void {
    const failedBefore = new Set(this.#jobs.filter(({ state }) => state === 'failed').map(({ id }) => id))
    this.#jobs = jobs
    for (const { id, state, error } of jobs)
      if (state === 'failed' && error && !failedBefore.has(id)) this.notices.showError(messageToError(error))
  }

  /** The image that is shown stays, wherever it went in the list. */
  async #refreshImages(): Promise<void> {
    if (this.#project === null) return
    await this.images.refresh(this.#currentIndex)
    if (this.#current === null) return
    await this.annotations.refresh()
    const index = this.images.indexOf(this.#current.id)
    if (index === null) return
    this.#currentIndex = index
    this.#current = this.images.at(index) ?? this.#current
  }
}
