import { resolve } from 'node:path'
import {
  CribsheetError,
  errorToMessage,
  type Handlers,
  type HostEvent,
  type JobKind,
  type JobView,
  type Procedures,
  type ProjectView,
  type Restored,
  type Status,
} from '../contract/index.ts'
import {
  chosenWeights,
  currentModel,
  Engine,
  locateBackup,
  openProject,
  readDevice,
  restoreBackup,
  type Project,
} from '../workflow/index.ts'
import { pruneCrops } from './crops.ts'
import { makeHandlers } from './handlers/index.ts'
import { JobQueue } from './job-queue.ts'
import { embedding } from './job-plans.ts'
import { LiveProposals } from './live-proposals.ts'
import { describeView } from './project-view.ts'
import { RecentProjects } from './recent-projects.ts'
import { Suggestions } from './suggestions.ts'

/** Begun again by itself where it was stopped. */
const interruptible: ReadonlySet<JobKind> = new Set(['embed', 'suggest', 'update-proposals'])

function isUnderWay(state: JobView['state']): boolean {
  return state === 'waiting' || state === 'running'
}

const millisecondsBetweenBackupChecks = 3600 * 1000

type Listener = (event: HostEvent) => void

/** The one owner of the open project, the engine and the jobs, whoever is connected: a window, browser tabs, or nobody. */
export class Host {
  readonly engine: Engine
  readonly jobs: JobQueue
  readonly recent: RecentProjects
  readonly live: LiveProposals
  readonly suggestions: Suggestions
  readonly handlers: Handlers<Procedures>
  /** Ids of the images that a page shows, the most important first. */
  showing: readonly number[] = []
  #project: Project | null = null
  /** Openings and closings, one after the other. */
  #changing: Promise<unknown> = Promise.resolve()
  #device: Pick<Status, 'device' | 'problem'> = { device: null, problem: null }
  readonly #listeners = new Set<Listener>()
  /** A project may be open for days. */
  readonly #backups = setInterval(() => this.#backUpDaily(), millisecondsBetweenBackupChecks).unref()
  /** Images whose tokens were asked for ahead of the others': once each, as some have none in the end. */
  readonly #embeddedFirst = new Set<number>()

  /** @param userFolder where recent projects and the sample are kept */
  constructor(userFolder: string, engine: Engine = new Engine()) {
    this.engine = engine
    this.recent = new RecentProjects(userFolder)
    this.jobs = new JobQueue({
      onChange: (jobs) => this.emit({ type: 'jobs', jobs }),
      onNotice: (error, recovered) => this.emit({ type: 'notice', error: errorToMessage(error), recovered }),
    })
    this.live = new LiveProposals(this)
    this.suggestions = new Suggestions(this)
    this.handlers = makeHandlers(this, userFolder)
  }

  /** @returns what ends the subscription */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(event: HostEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** @throws CribsheetError project-not-open */
  get project(): Project {
    if (this.#project !== null) return this.#project
    throw new CribsheetError('project-not-open', 'No project is open.', { advice: 'Open a folder of images first.' })
  }

  get view(): ProjectView | null {
    return this.#project && describeView(this.#project)
  }

  /** The view, once what is being opened or closed is. */
  async currentView(): Promise<ProjectView | null> {
    await this.#changing
    return this.view
  }

  get status(): Status {
    const choice = this.#project && chosenWeights(this.#project)
    const file = choice && 'file' in choice.weights ? choice.weights.file : null
    return { ...this.#device, weights: choice && { architecture: choice.model.architecture, file } }
  }

  /** Asks the engine what it computes on, for the status; a failure is part of the answer. */
  async findDevice(): Promise<void> {
    try {
      const { kind, name, why } = await readDevice(this.engine)
      this.#device = { device: { kind, name, why }, problem: null }
    } catch (error) {
      this.#device = { device: null, problem: errorToMessage(error) }
    }
    this.emit({ type: 'status', status: this.status })
  }

  /** Opens a folder in place of what is open, which stays where the folder cannot be opened. */
  open(folder: string): Promise<ProjectView> {
    return this.#change(async () => {
      if (this.#project?.folder === resolve(folder)) return describeView(this.#project)
      const { project } = await openProject(folder, { create: true })
      await this.#close()
      return this.#take(project)
    })
  }

  async #take(project: Project): Promise<ProjectView> {
    this.#project = project
    this.live.begin()
    await this.recent.add(project.folder)
    this.emitProject()
    this.emit({ type: 'status', status: this.status })
    this.embedInBackground()
    void pruneCrops(project)
    return describeView(project)
  }

  /**
   * Closes the project, puts a backup in its place and opens it again; where that fails, as it was.
   * @throws CribsheetError jobs-running where something runs that may not be stopped; as restoreBackup
   */
  restore(id: string, { stopJobs }: { stopJobs: boolean }): Promise<Restored> {
    return this.#change(async () => {
      const { folder, dataFolder } = this.project
      const backup = locateBackup(dataFolder, id)
      if (!stopJobs) this.#refuseWhileBusy()
      await this.#close()
      this.emitProject() // pages let go of everything that they know
      try {
        return restoreBackup(dataFolder, backup)
      } finally {
        const { project } = await openProject(folder, { dataFolder })
        await this.#take(project)
      }
    })
  }

  /** What steps aside by itself is no reason. */
  #refuseWhileBusy(): void {
    const busy = this.jobs.all().filter(({ state, kind }) => isUnderWay(state) && !interruptible.has(kind))
    if (busy.length === 0) return
    throw new CribsheetError('jobs-running', `Work is under way: ${busy.map(({ kind }) => kind).join(', ')}.`, {
      advice: 'Wait for its end, or stop it first.',
    })
  }

  close(): Promise<void> {
    return this.#change(async () => {
      await this.#close()
      this.emitProject()
      this.emit({ type: 'status', status: this.status })
    })
  }

  /** Ends all there is: jobs, project, engine. */
  async shutDown(): Promise<void> {
    clearInterval(this.#backups)
    await this.#change(() => this.#close())
    await this.engine.close()
  }

  /** Tokens are computed ahead, so that propagation is quick; nothing waits for them. */
  embedInBackground(): void {
    this.#embeddedFirst.clear()
    if (this.#project && chosenWeights(this.#project)) this.jobs.start(embedding(this, { background: true }))
  }

  /** Tokens by other weights are computed anew. */
  weightsChanged(): void {
    this.emit({ type: 'status', status: this.status })
    this.embedInBackground()
  }

  /** Someone looks at the image: its tokens come before the others', but interrupt nothing else. */
  embedFirst(imageId: number): void {
    const running = this.jobs.all().find(({ state }) => state === 'running')
    const canBe = currentModel(this.project) !== null && (running === undefined || running.kind === 'embed')
    if (!canBe || this.#embeddedFirst.has(imageId)) return
    this.#embeddedFirst.add(imageId)
    this.jobs.start(embedding(this, { background: false, imageIds: new Set([imageId]) }))
  }

  emitProject(): void {
    this.emit({ type: 'project', project: this.view })
  }

  async #close(): Promise<void> {
    this.suggestions.stop()
    await this.live.stop()
    await this.jobs.stop()
    this.#project?.close()
    this.#project = null
    this.showing = []
  }

  #backUpDaily(): void {
    try {
      this.#project?.backUpDaily()
    } catch (error) {
      this.emit({ type: 'notice', error: errorToMessage(error), recovered: false })
    }
  }

  #change<Result>(work: () => Promise<Result>): Promise<Result> {
    const changed = this.#changing.then(work)
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}
