import { CribsheetError } from '../contract/index.ts'
import { device, tf, type ProductType, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import { PATCH, type VitArchitecture } from './architecture.ts'
import { execution, type Execution, type ExecutionMode } from './execution.ts'
import { initialState } from './initial-state.ts'
import { accumulateGradients } from './micro-batches.ts'
import type { Normalisation } from './patches.ts'
import { resizeMatrix } from './position-embedding.ts'
import type { StepScalars } from './schedule.ts'
import { batchInputs, lossWeightsOf, scalarInputs, type StepCounters } from './step-inputs.ts'
import { GRADIENT, stepParts, SUM, sumsFor, type StepPart } from './step-parts.ts'
import type {
  InitialNetworks,
  NetworkWeights,
  StepDraws,
  StepMetrics,
  TrainingBatch,
  TrainingState,
} from './training.ts'
import type { TrainingSettings } from './training-settings.ts'
import { withoutPrefix } from './training-weights.ts'

const TEACHER = 'teacher.'
const COUNTERS = 'counters'
const metricNames = ['losses', 'entropies', 'tokenVariance', 'validObjects', 'consistent', 'gradientNorm']

export interface TrainStepOptions {
  mode?: ExecutionMode
  /** Decides the noise that the memory may start with. */
  seed?: number
  /** What the networks' matrix products are computed in where the step is captured. Default: bfloat16 on a GPU, else float32. */
  products?: ProductType
  /** Images that the networks see at a time, see TrainStep.microBatch. */
  microBatch?: number | null
  /** Told when the memory did not suffice and the step goes on with a smaller micro-batch. */
  onSmallerMicroBatch?: (images: number) => void
}

/** Training, a step at a time. It holds the whole state; only batches go in and only metrics come out. */
export class TrainStep implements Disposable {
  readonly architecture: VitArchitecture
  readonly settings: TrainingSettings
  readonly #normalisation: Normalisation
  readonly #execution: Execution<StepPart>
  readonly #resize: Tensor2D
  readonly #stateNames: string[]
  readonly #onSmallerMicroBatch: (images: number) => void
  #microBatch: number | null
  #counters: StepCounters = { steps: 0, lastLayers: 0 }

  /**
   * Takes over the tensors of the networks, which are disposed.
   *
   * @throws CribsheetError capture-failed
   */
  constructor(initial: InitialNetworks, settings: TrainingSettings, options: TrainStepOptions = {}) {
    const { mode = 'captured', seed = 0, microBatch = null, onSmallerMicroBatch = () => undefined } = options
    const { products = device().kind === 'cuda' ? 'bfloat16' : 'float32' } = options
    const { architecture, normalisation } = initial
    this.architecture = architecture
    this.settings = settings
    this.#normalisation = normalisation
    this.#microBatch = microBatch
    this.#onSmallerMicroBatch = onSmallerMicroBatch
    const side = settings.imageSize / PATCH
    this.#resize = tf.keep(resizeMatrix(architecture.grid, side, side))
    const state = initialState(initial, settings, seed)
    this.#stateNames = Object.keys(state)
    const variables = { ...state, ...sumsFor(state, settings) }
    this.#execution = execution(mode, stepParts(architecture, settings), variables, products)
  }

  /** How many images the networks see at a time; null where it is the whole batch. A step computes the same, whatever it is. */
  get microBatch(): number | null {
    return this.#microBatch
  }

  /**
   * One step with a batch of any size. Where the memory does not suffice it is tried again with a micro-batch of half the size, which stays.
   *
   * @throws RangeError where the batch's arrays do not fit together; CribsheetError out-of-memory where it does not even suffice for one
   *   image at a time, or for the new state: this may then be half the old one, so go on from one that was saved.
   */
  run(batch: TrainingBatch, draws: StepDraws, scalars: StepScalars): StepMetrics {
    return this.runFor([], batch, draws, scalars, (results) => metricsOf(results, this.settings, scalars))
  }

  /**
   * One step, of which more is wanted: metrics, targets, decisions, and the gradients of these weights, as `gradient.*`. They live as
   * long as `use` runs.
   */
  runFor<T>(
    gradientsOf: string[],
    batch: TrainingBatch,
    draws: StepDraws,
    scalars: StepScalars,
    use: (results: Record<string, Tensor>) => T,
  ): T {
    const counters = {
      steps: this.#counters.steps + 1,
      lastLayers: this.#counters.lastLayers + Number(!scalars.lastLayersFrozen),
    }
    const ofBatch = batchInputs(batch, draws, this.architecture, this.#normalisation, this.settings)
    const inputs = { ...ofBatch, ...scalarInputs(scalars, counters, this.settings) }
    let results: Record<string, Tensor> = {}
    try {
      results = this.#accumulate({ ...inputs, resize: this.#resize })
      results = { ...results, ...this.#finish(inputs, results), ...this.#gradients(gradientsOf) }
      this.#counters = counters
      return use(results)
    } finally {
      tf.dispose([inputs, results])
    }
  }

  #accumulate(inputs: Record<string, Tensor>): Record<string, Tensor> {
    const batch = inputs.images.size
    for (;;) {
      const size = Math.min(this.#microBatch ?? batch, batch)
      try {
        return accumulateGradients(this.#execution, inputs, size)
      } catch (error) {
        if (!isOutOfMemory(error) || size === 1) throw error
        this.#microBatch = Math.ceil(size / 2)
        this.#onSmallerMicroBatch(this.#microBatch)
      }
    }
  }

  #finish(inputs: Record<string, Tensor>, { objects, valid }: Record<string, Tensor>): Record<string, Tensor> {
    const { images, averageShare } = inputs
    const numbers = Object.entries(inputs).filter(([name]) => /^adam/.test(name))
    return this.#execution.run('finish', { ...Object.fromEntries(numbers), averageShare, images, objects, valid })
  }

  #gradients(names: string[]): Record<string, Tensor> {
    if (names.length === 0) return {}
    return withoutPrefix(this.#execution.read(names.map((name) => SUM + GRADIENT + name)), SUM)
  }

  /** The whole state, from which a training can go on; the caller disposes the tensors. */
  read(): TrainingState {
    const { steps, lastLayers } = this.#counters
    return { ...this.#execution.read(this.#stateNames), [COUNTERS]: tf.tensor1d([steps, lastLayers]) }
  }

  /**
   * Goes on from a state that `read` gave. The tensors may be disposed afterwards.
   *
   * @throws RangeError where a tensor is missing or has another shape.
   */
  assign(state: TrainingState): void {
    for (const name of [COUNTERS, ...this.#stateNames])
      if (!(name in state)) throw new RangeError(`the variable ${name} is missing`)
    const { [COUNTERS]: counters, ...variables } = state
    const sums = sumsFor(variables, this.settings)
    this.#execution.assign({ ...variables, ...sums })
    tf.dispose(sums)
    const [steps, lastLayers] = counters.dataSync()
    this.#counters = { steps, lastLayers }
  }

  /** The teacher's weights, which are what a training is for; the caller disposes them. */
  teacher(): NetworkWeights {
    const names = this.#stateNames.filter((name) => name.startsWith(TEACHER))
    return withoutPrefix(this.#execution.read(names), TEACHER)
  }

  dispose(): void {
    this.#execution.dispose()
    this.#resize.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }
}

function metricsOf(results: Record<string, Tensor>, settings: TrainingSettings, scalars: StepScalars): StepMetrics {
  const numbers = Object.fromEntries(metricNames.map((name) => [name, results[name].dataSync()]))
  const [image, object, crossImage] = numbers.losses
  const weights = lossWeightsOf(settings.losses, scalars)
  const [objects] = numbers.validObjects
  return {
    losses: { image, object, crossImage: scalars.crossImage ? crossImage : 0 },
    loss: weights.reduce((sum, weight, level) => sum + (weight === 0 ? 0 : weight * numbers.losses[level]), 0),
    teacherEntropy: numbers.entropies[objects > 0 ? 1 : 0], // without an object the [CLS] tokens' stands for theirs
    tokenVariance: numbers.tokenVariance[0],
    objects,
    consistent: objects === 0 ? 0 : numbers.consistent[0] / (2 * objects),
    gradientNorm: numbers.gradientNorm[0],
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof CribsheetError && error.code === 'out-of-memory'
}
