import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { cancelled, CribsheetError, type Progress, type Run } from '../contract/index.ts'
import {
  trainJob,
  type Engine,
  type HeldOutKind,
  type PresetChanges,
  type TrainingEvent,
  type TrainRequest,
  type TrainSummary,
  type Weights,
} from '../jobs/index.ts'
import { TrainingControl, type Project } from '../project/index.ts'
import { chosenWeights, chooseWeights, readWeights, requiredWeights } from './choose-weights.ts'
import { toProblem, type ImageProblem } from './embed.ts'
import { defaultHeldOutShare } from './held-out.ts'
import type { Operation } from './operation.ts'
import { TrainingLog } from './training-log.ts'
import {
  keepRequest,
  noChanges,
  prepareTraining,
  readRequest,
  runFolder,
  type Preset,
  type TrainingChoice,
} from './training-request.ts'
import { conductRun } from './with-run.ts'

export interface FinetuneOptions extends Operation {
  /** To start from; the project's where it is left out. */
  weights?: Weights
  preset?: Preset
  changes?: Partial<PresetChanges>
  seed?: number
  /** Share of the images that is held out. */
  heldOutShare?: number
  /** Called with what a person is to know. */
  onNote?: (text: string) => void
}

export interface FinetuneSummary {
  runId: number
  outcome: TrainSummary['outcome']
  /** Steps done, and how many there are to be. */
  step: number
  steps: number
  images: number
  /** Images that were held out. */
  heldOut: number
  /** What retrieval was measured by. */
  measuredBy: HeldOutKind
  before: number | null
  after: number | null
  /** The weights that the training chose: `start`, or `trained` where these are better. */
  kept: 'start' | 'trained'
  /** The step that they are of, and their figure. */
  keptStep: number
  keptFigure: number | null
  /** Their file, null for a network that never was one; and the newest weights, chosen or not. */
  keptFile: string | null
  newestFile: string | null
  /** The folder of the run: models, states, metrics.jsonl. */
  folder: string
  problems: ImageProblem[]
  notes: string[]
  seconds: number
}

/**
 * Fine-tunes CrIBo on the project's images. The project's weights are then the better ones on what was held out: the start, unless the
 * trained ones are clearly better. Ended by its signal it is paused.
 *
 * @throws CribsheetError weights-not-chosen, weights-*, folder-empty, image-too-small, training-collapsed, training-diverged,
 *   disk-full, cancelled
 */
export async function finetune(
  project: Project,
  engine: Engine,
  { weights, preset = 'folder', changes, seed = 0, heldOutShare = defaultHeldOutShare, ...options }: FinetuneOptions,
): Promise<FinetuneSummary> {
  const start = await startingWeights(project, engine, weights, options)
  const choice: TrainingChoice = {
    ...{ weights: start, preset, seed, heldOutShare },
    changes: { ...noChanges, ...changes },
  }
  const { request, problems, notes } = prepareTraining(project, choice)
  const { id } = project.store.runs.begin('training', {
    ...choice,
    images: request.images.length,
    heldOut: request.heldOut.length,
    labelled: request.labelled.length,
  })
  removeStatesOfFinished(project)
  const training = new Training(project, engine, id, options, problems)
  for (const note of notes) training.note(note)
  return training.conduct(async (folder) => {
    const whole = { ...request, folder }
    await keepRequest(whole)
    return whole
  })
}

/**
 * Goes on with the newest training that has not finished, from its last saved state.
 *
 * @throws CribsheetError run-missing where there is none; training-state-missing; as `finetune`
 */
export async function resumeFinetuning(
  project: Project,
  engine: Engine,
  options: Pick<FinetuneOptions, 'signal' | 'onProgress' | 'onNote'>,
): Promise<FinetuneSummary> {
  const { id } = newestUnfinished(project)
  const request = await readRequest(runFolder(project, id))
  project.store.runs.resume(id)
  const training = new Training(project, engine, id, options, [])
  return training.conduct(() => Promise.resolve({ ...request, resume: true }))
}

async function startingWeights(
  project: Project,
  engine: Engine,
  weights: Weights | undefined,
  operation: Operation,
): Promise<Weights> {
  if (!weights) return requiredWeights(project).weights
  if (!chosenWeights(project)) return (await chooseWeights(project, engine, weights, operation)).weights
  return (await readWeights(engine, weights, operation)).weights
}

const resumable: ReadonlySet<Run['state']> = new Set(['paused', 'failed'])

function newestUnfinished(project: Project): Run {
  const run = project.store.runs.all('training').at(0)
  if (run && resumable.has(run.state)) return run
  const why = run ? `The newest training (run ${run.id}) is ${run.state}.` : 'There was no training yet.'
  throw new CribsheetError('run-missing', `There is no training to go on with. ${why}`, {
    file: project.folder,
    advice: 'Begin a new one, without --resume.',
  })
}

/** They are large, and nothing goes on from them. */
function removeStatesOfFinished(project: Project): void {
  for (const { id, state } of project.store.runs.all('training'))
    if (state === 'finished' || state === 'cancelled') removeStates(runFolder(project, id))
}

export function removeStates(folder: string): void {
  rmSync(join(folder, 'states'), { recursive: true, force: true })
}

/** After so many deaths of the engine with nothing saved in between it is given up. */
const mostCrashes = 3
const millisecondsBetweenStatuses = 500

/** One process' part in a run of training. */
class Training {
  readonly #project: Project
  readonly #engine: Engine
  readonly #runId: number
  readonly #options: Pick<FinetuneOptions, 'signal' | 'onProgress' | 'onNote'>
  readonly #folder: string
  readonly #log: TrainingLog
  readonly #pause = new AbortController()
  readonly #cancel = new AbortController()
  readonly #problems: ImageProblem[]
  readonly #notes: string[] = []
  readonly #status: Parameters<TrainingControl['tell']>[0] = {
    ...{ state: 'running', phase: 'Starting', step: 0, steps: null, imagesPerSecond: null, secondsLeft: null },
    metrics: {},
    heldOut: { before: null, newest: null },
  }
  #control: TrainingControl | null = null
  #toldAt = -Infinity
  /** Deaths of the engine since a state was saved. */
  #crashes = 0
  #hasState = false
  #startFile: string | null = null
  /** For the run, however it ends. */
  #summary: Record<string, unknown> = {}

  constructor(
    project: Project,
    engine: Engine,
    runId: number,
    options: Pick<FinetuneOptions, 'signal' | 'onProgress' | 'onNote'>,
    problems: ImageProblem[],
  ) {
    this.#project = project
    this.#engine = engine
    this.#runId = runId
    this.#options = options
    this.#problems = [...problems]
    this.#folder = runFolder(project, runId)
    this.#log = new TrainingLog(project, runId, this.#folder)
  }

  note(text: string): void {
    this.#notes.push(text)
    this.#options.onNote?.(text)
  }

  /** @param prepare what the engine is asked, for a run that keeps its files in this folder */
  async conduct(prepare: (folder: string) => Promise<TrainRequest>): Promise<FinetuneSummary> {
    this.#control = new TrainingControl(this.#project.dataFolder, this.#runId, (wish) => this.#heed(wish))
    this.#tell({ now: true })
    const { signal } = this.#options
    const pause = () => this.#pause.abort()
    signal?.addEventListener('abort', pause, { once: true })
    if (signal?.aborted) pause()
    const { promise, resolve } = Promise.withResolvers<FinetuneSummary>()
    try {
      const run = this.#project.store.runs.existing(this.#runId)
      const { state } = await conductRun(
        this.#project,
        run,
        () => this.#summary,
        async () => {
          const request = await prepare(this.#folder)
          this.#startFile = fileOf(request.weights)
          const trained = await this.#train(request)
          const summary = this.#conclude(request, trained)
          this.#summary = { ...summary }
          resolve(summary)
          if (trained.outcome === 'finished') await this.#useKept(trained.kept)
          return trained.outcome
        },
      )
      if (state === 'paused' && signal?.aborted)
        throw cancelled('It is paused: go on with cribsheet finetune FOLDER --resume')
      return await promise
    } finally {
      signal?.removeEventListener('abort', pause)
      this.#end()
    }
  }

  #heed(wish: 'pause' | 'cancel' | null): void {
    if (wish === 'pause') this.#pause.abort()
    else if (wish === 'cancel') this.#cancel.abort()
    else this.note('Something was written to training-request.json that is no request: it was thrown away.')
  }

  /** Runs the job, and after a death of the engine again from the newest state. */
  async #train(first: TrainRequest): Promise<TrainSummary> {
    let request = first
    this.#hasState = first.resume
    for (;;) {
      try {
        return await this.#engine.run(trainJob, request, {
          signal: this.#cancel.signal,
          pause: this.#pause.signal,
          onProgress: (progress) => this.#onProgress(progress),
          onResult: (event) => this.#onEvent(event),
        })
      } catch (error) {
        if (!(error instanceof CribsheetError) || error.code !== 'engine-crashed') throw error
        if (++this.#crashes >= mostCrashes || this.#pause.signal.aborted) throw error
        request = this.#afterCrash(request, error)
      } finally {
        this.#log.commit()
      }
    }
  }

  #afterCrash(request: TrainRequest, error: CribsheetError): TrainRequest {
    const from = this.#hasState ? 'from the last saved state' : 'from the beginning'
    this.note(`${error.message} It is started again ${from}.`)
    return { ...request, resume: this.#hasState }
  }

  #onProgress(progress: Progress): void {
    this.#status.phase = progress.phase
    this.#status.secondsLeft = progress.secondsLeft
    this.#options.onProgress?.(progress)
    this.#tell()
  }

  #onEvent(event: TrainingEvent): void {
    const { store } = this.#project
    if (event.type === 'begun') {
      this.#log.goBackTo(event.step)
      Object.assign(this.#status, { step: event.step, steps: event.steps })
      this.#status.heldOut.before = store.candidates.ofRun(this.#runId).at(0)?.heldOut ?? null
    } else if (event.type === 'metrics') {
      this.#log.add(event.step, event.values)
      this.#status.step = event.step
      this.#summary = { step: event.step, steps: this.#status.steps }
      this.#status.imagesPerSecond = event.values.imagesPerSecond ?? null
      Object.assign(this.#status.metrics, event.values)
    } else if (event.type === 'held-out') {
      this.#log.add(event.step, { heldOut: event.figure, ...event.parts })
      const file = event.step === 0 ? this.#startFile : event.file
      store.candidates.add(this.#runId, { step: event.step, file, heldOut: event.figure })
      this.#status.heldOut[event.step === 0 ? 'before' : 'newest'] = event.figure
    } else if (event.type === 'saved') {
      this.#crashes = 0
      this.#hasState = true
    } else if (event.type === 'passed-over') {
      this.#problems.push(toProblem(this.#project, event.imageId, event.problem))
    } else this.note(event.text)
    this.#tell()
  }

  /** A status that comes late harms nobody, and one that cannot be written ends no training. */
  #tell({ now = false } = {}): void {
    if (!now && performance.now() - this.#toldAt < millisecondsBetweenStatuses) return
    this.#toldAt = performance.now()
    try {
      this.#control?.tell(this.#status)
    } catch (error) {
      if (!(error instanceof CribsheetError)) throw error
    }
  }

  #conclude({ images, heldOut, weights }: TrainRequest, trained: TrainSummary): FinetuneSummary {
    const { outcome, step, steps, kind, before, after, kept, newest, seconds } = trained
    const isTrained = kept.step > 0
    return {
      ...{ runId: this.#runId, outcome, step, steps, images: images.length, heldOut: heldOut.length },
      ...{ measuredBy: kind, before, after, kept: isTrained ? 'trained' : 'start' },
      ...{ keptStep: kept.step, keptFigure: kept.figure },
      keptFile: isTrained ? kept.file : fileOf(weights),
      newestFile: newest?.file ?? null,
      folder: this.#folder,
      ...{ problems: this.#problems, notes: this.#notes, seconds },
    }
  }

  async #useKept({ step, file }: TrainSummary['kept']): Promise<void> {
    if (step > 0 && file !== null) await chooseWeights(this.#project, this.#engine, { file })
    this.#project.store.candidates.keep(this.#runId, step)
  }

  #end(): void {
    this.#status.state = this.#project.store.runs.existing(this.#runId).state
    if (this.#status.state === 'cancelled') removeStates(this.#folder)
    this.#tell({ now: true })
    this.#control?.end()
  }
}

function fileOf(weights: Weights): string | null {
  return 'file' in weights ? weights.file : null
}
