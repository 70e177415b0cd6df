import { CribsheetError } from '../../../contract/index.ts'
import { splitNetwork, stepsOf, type StepMetrics, type TrainingState, writeModel } from '../../../cribo/index.ts'
import { type StoredTensor, tf, type TensorToWrite } from '../../../tensorflow/index.ts'
import type { JobContext } from '../../job.ts'
import { ProgressMeter } from '../../progress-meter.ts'
import type { TrainingEvent, TrainRequest, TrainSummary } from '../../train-job.ts'
import { isClearlyBetter } from './clearly-better.ts'
import { Health } from './health.ts'
import { kindOf, measureHeldOut } from './held-out.ts'
import { RunFiles } from './run-files.ts'
import type { Candidate, TrainingProgress } from './progress.ts'
import { chooseSettings, withSteps } from './settings.ts'
import { StepRunner } from './step-runner.ts'
import { networksOf, readyNetworks } from './start.ts'

/** Between two states that are saved on the way. */
const secondsBetweenStates = 180
/** Retrieval is measured so often on the way: each time takes some time, and each is a chance to stop at the best. */
const measuresOnTheWay = 3
/** Steps from which the speed is taken, where the time is given; those before are slower. */
const timedSteps = 4
const untimedSteps = 2

interface TrainingParts {
  request: TrainRequest
  context: JobContext<TrainingEvent>
  files: RunFiles
  runner: StepRunner
  progress: TrainingProgress
  /** When this process' part began, with all that comes before the first step. */
  begun: number
  /** Of the figure at the start. */
  startParts?: Record<string, number | null>
}

/** A training of a folder, from its start or from its newest state to its end or to a pause. */
export class FolderTraining {
  readonly #request: TrainRequest
  readonly #context: JobContext<TrainingEvent>
  readonly #files: RunFiles
  readonly #runner: StepRunner
  readonly #health: Health
  readonly #begun: number
  #progress: TrainingProgress
  readonly #startParts: Record<string, number | null>
  #savedAt = performance.now()
  #savedFile: string | null = null
  /** Seconds that measuring retrieval took, the last time. */
  #measuring = 0

  private constructor({ request, context, files, runner, progress, begun, startParts = {} }: TrainingParts) {
    this.#request = request
    this.#context = context
    this.#files = files
    this.#runner = runner
    this.#progress = progress
    this.#startParts = startParts
    this.#begun = begun
    this.#health = new Health(runner.prototypes, () => adviceFor(this.#savedFile))
  }

  static async begin(request: TrainRequest, context: JobContext<TrainingEvent>): Promise<FolderTraining> {
    const files = new RunFiles(request.folder)
    const note = (text: string) => context.result({ type: 'note', text })
    if (request.resume) {
      const { state: saved, skipped } = files.states.newest()
      for (const { file, reason } of skipped) await note(`${reason} It is passed over: ${file}`)
      if (saved) return goOn(request, context, files, toTensors(saved.tensors), saved.details)
      await note('There is no saved state: the training begins anew.')
    }
    return beginAnew(request, context, files)
  }

  async run(): Promise<TrainSummary> {
    const { step, settings } = this.#progress
    await this.#context.result({
      type: 'begun',
      ...{ step, steps: this.#steps, batch: settings.batch, kind: kindOf(this.#request), settings },
    })
    if (step === 0) await this.#tellHeldOut(this.#progress.start, this.#startParts)
    let meter = this.#newMeter()
    const times: number[] = []
    while (this.#progress.step < this.#steps) {
      if (this.#isDue()) {
        await this.#measure()
        meter = this.#newMeter()
      }
      if (this.#context.pause.aborted) return this.#pause()
      const begun = performance.now()
      const detail = await this.#step(begun)
      times.push((performance.now() - begun) / 1000)
      if (this.#fitIntoMinutes(times)) meter = this.#newMeter()
      else meter.advance(1, detail)
      if (this.#secondsSince(this.#savedAt) > secondsBetweenStates) await this.#save()
      await this.#context.breathe()
    }
    await this.#measure()
    await this.#save()
    return this.#finish()
  }

  get #steps(): number {
    return stepsOf(this.#progress.settings.schedule)
  }

  #newMeter(): ProgressMeter {
    return new ProgressMeter('Training, steps', this.#steps, this.#context.onProgress, { done: this.#progress.step })
  }

  #secondsSince(time: number): number {
    return (performance.now() - time) / 1000
  }

  /** @returns what a person is to see of it */
  async #step(begun: number): Promise<string> {
    const metrics = await this.#runner.step(this.#progress.step)
    this.#health.check(this.#progress.step + 1, metrics)
    this.#progress = { ...this.#progress, step: this.#progress.step + 1 }
    const imagesPerSecond = this.#progress.settings.batch / this.#secondsSince(begun)
    const memoryBytes = process.memoryUsage.rss()
    const { microBatch } = this.#runner
    await this.#context.result({
      type: 'metrics',
      step: this.#progress.step,
      values: { ...valuesOf(metrics), imagesPerSecond, memoryBytes, microBatch },
    })
    return describeStep(metrics, { imagesPerSecond, memoryBytes, microBatch }, this.#progress)
  }

  /** On the way retrieval is measured at equal distances, and never twice at one step. */
  #isDue(): boolean {
    const { step, measuredAt } = this.#progress
    const steps = this.#steps
    const passed = Math.floor((step * (measuresOnTheWay + 1)) / steps)
    const before = Math.floor((measuredAt * (measuresOnTheWay + 1)) / steps)
    return kindOf(this.#request) !== null && passed > before
  }

  /** Writes the teacher's weights, and measures retrieval with them. */
  async #measure(): Promise<void> {
    const { step, settings, measuredAt } = this.#progress
    if (measuredAt === step) return
    const begun = performance.now()
    const file = this.#files.model(step)
    this.#writeModel(file)
    const { figure, samples, parts } = await measureHeldOut({ file }, this.#request, settings, this.#context)
    const candidate: Candidate = { step, file, figure, samples: [...samples] }
    const best = isToKeep(candidate, this.#progress) ? candidate : this.#progress.best
    this.#progress = { ...this.#progress, best, newest: candidate, measuredAt: step }
    this.#measuring = this.#secondsSince(begun)
    await this.#tellHeldOut(candidate, parts)
  }

  #writeModel(file: string): void {
    const { architecture, normalisation, step: steps, start } = this.#progress
    const network = this.#runner.teacher()
    try {
      const { preset, folderHash, seed } = this.#request
      const history = { preset, folderHash, steps, metrics: { seed, heldOutBefore: start.figure } }
      writeModel(file, { architecture, normalisation, ...splitNetwork(network), history })
    } finally {
      tf.dispose(network)
    }
  }

  async #tellHeldOut(candidate: Candidate, parts: Record<string, number | null>): Promise<void> {
    await this.#context.result({ type: 'held-out', ...candidate, parts })
  }

  async #save(): Promise<void> {
    const state = this.#runner.read()
    try {
      const { step } = this.#progress
      const file = this.#files.states.save(step, toFile(state), this.#progress)
      this.#savedFile = file
      await this.#context.result({ type: 'saved', step, file })
    } finally {
      tf.dispose(state)
    }
    this.#savedAt = performance.now()
  }

  async #pause(): Promise<TrainSummary> {
    await this.#save()
    return this.#summary('paused')
  }

  #finish(): TrainSummary {
    const { best, newest } = this.#progress
    this.#files.removeModels([best.file, newest?.file ?? null])
    return this.#summary('finished')
  }

  #summary(outcome: TrainSummary['outcome']): TrainSummary {
    const { step, start, best, newest } = this.#progress
    return {
      ...{ outcome, step, steps: this.#steps, kind: kindOf(this.#request) },
      ...{ before: start.figure, after: newest?.figure ?? null, kept: best, newest },
      seconds: this.#secondsSince(this.#begun),
    }
  }

  /** Where the time is given, the number of steps is set once the speed is known. @returns whether it just was */
  #fitIntoMinutes(times: readonly number[]): boolean {
    const { minutes } = this.#request.changes
    if (minutes === null || times.length !== untimedSteps + timedSteps || this.#progress.step !== times.length)
      return false
    const timed = times.slice(untimedSteps)
    const secondsPerStep = timed.reduce((sum, seconds) => sum + seconds, 0) / timed.length
    const left = 60 * minutes - this.#secondsSince(this.#begun) - (measuresOnTheWay + 1) * this.#measuring
    const steps = this.#progress.step + Math.max(1, Math.floor(left / secondsPerStep))
    const settings = withSteps(this.#progress.settings, steps)
    this.#progress = { ...this.#progress, settings }
    this.#runner.reschedule(settings)
    void this.#context.result({ type: 'note', text: `${minutes} minutes are ${steps} steps on this machine.` })
    return true
  }

  close(): Promise<void> {
    return this.#runner.close()
  }

  /** @param seconds that measuring the start took: on the way it will take as long */
  static from(parts: TrainingParts, seconds = 0): FolderTraining {
    const training = new FolderTraining(parts)
    training.#measuring = seconds
    return training
  }
}

function goOn(
  request: TrainRequest,
  context: JobContext<TrainingEvent>,
  files: RunFiles,
  state: TrainingState,
  progress: TrainingProgress,
): FolderTraining {
  const copies = Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.clone()]))
  const runner = new StepRunner(request, progress.settings, networksOf(copies, progress), context)
  runner.assign(state)
  tf.dispose([state, copies])
  return FolderTraining.from({ request, context, files, runner, progress, begun: performance.now() })
}

async function beginAnew(
  request: TrainRequest,
  context: JobContext<TrainingEvent>,
  files: RunFiles,
): Promise<FolderTraining> {
  const { settings, notes } = chooseSettings(request)
  for (const text of notes) await context.result({ type: 'note', text })
  const begun = performance.now()
  const { figure, samples, parts } = await measureHeldOut(request.weights, request, settings, context)
  const seconds = (performance.now() - begun) / 1000
  const start: Candidate = { step: 0, file: null, figure, samples: [...samples] }
  const networks = await readyNetworks(request, settings, context)
  const { architecture, normalisation } = networks
  const progress: TrainingProgress = {
    ...{ step: 0, settings, architecture },
    normalisation: { mean: [...normalisation.mean], std: [...normalisation.std] },
    ...{ start, best: start, newest: null, measuredAt: 0 },
  }
  const runner = new StepRunner(request, settings, networks, context)
  return FolderTraining.from({ request, context, files, runner, progress, begun, startParts: parts }, seconds)
}

/** The start is left only for what is clearly better, and this for what is better still. */
function isToKeep(candidate: Candidate, { start, best }: TrainingProgress): boolean {
  return isClearlyBetter(candidate, start) && Number(candidate.figure) > Number(best.figure)
}

function valuesOf({ losses, ...metrics }: StepMetrics & { rate: number }): Record<string, number | null> {
  const { loss, rate, teacherEntropy, tokenVariance, objects, consistent, gradientNorm } = metrics
  const values = {
    ...{ loss, lossImage: losses.image, lossObject: losses.object, lossCrossImage: losses.crossImage },
    ...{ learningRate: rate, teacherEntropy, tokenVariance, objects, consistent, gradientNorm },
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  )
}

function describeStep(
  { losses }: StepMetrics,
  { imagesPerSecond, memoryBytes, microBatch }: Record<'imagesPerSecond' | 'memoryBytes' | 'microBatch', number>,
  { start, newest, settings }: TrainingProgress,
): string {
  const figures = [losses.image, losses.object, losses.crossImage].map((loss) => loss.toFixed(3)).join(' ')
  const percent = (figure: number | null) => (figure === null ? '-' : `${(100 * figure).toFixed(1)} %`)
  const heldOut = newest ? `${percent(start.figure)} -> ${percent(newest.figure)}` : percent(start.figure)
  const memory = `${(memoryBytes / 1e9).toFixed(1)} GB`
  const parts = microBatch < settings.batch ? `, ${microBatch} of ${settings.batch} images at a time` : ''
  return `${imagesPerSecond.toFixed(1)} images a second, losses ${figures}, held out ${heldOut}, ${memory}${parts}`
}

function toFile(state: TrainingState): Map<string, TensorToWrite> {
  return new Map(
    Object.entries(state).map(([name, tensor]) => [
      name,
      { dtype: 'F32', shape: tensor.shape, read: () => tensor.dataSync() },
    ]),
  )
}

/** @throws CribsheetError weights-damaged */
function toTensors(stored: ReadonlyMap<string, StoredTensor>): TrainingState {
  return Object.fromEntries(
    [...stored].map(([name, { shape, data }]) => {
      if (data instanceof Float32Array) return [name, tf.tensor(data, shape)]
      throw new CribsheetError('weights-damaged', `${name} of the saved state is not of floating-point numbers.`, {
        advice: 'Begin a new training, without --resume.',
      })
    }),
  )
}

/** @param saved the last state */
function adviceFor(saved: string | null): string {
  const state = saved === null ? '' : ` The last good state is ${saved}.`
  return `The project keeps the weights it has.${state} Try fewer steps, a larger batch or another preset.`
}
