import { tf, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import { PATCH, type VitArchitecture } from './architecture.ts'
import { execution, type Execution, type ExecutionMode } from './execution.ts'
import { initialState } from './initial-state.ts'
import type { Normalisation } from './patches.ts'
import { resizeMatrix } from './position-embedding.ts'
import type { StepScalars } from './schedule.ts'
import { trainStep } from './step-function.ts'
import { batchInputs, inputSpecs, lossWeightsOf, scalarInputs, toStepInputs, type StepCounters } from './step-inputs.ts'
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
const metricNames = ['losses', 'teacherEntropy', 'tokenVariance', 'objects', 'consistent', 'gradientNorm']

export interface TrainStepOptions {
  mode?: ExecutionMode
  /** Decides the noise that the memory may start with. */
  seed?: number
}

/** Training, a step at a time. It holds the whole state; only batches go in and only metrics come out. */
export class TrainStep implements Disposable {
  readonly architecture: VitArchitecture
  readonly settings: TrainingSettings
  readonly #normalisation: Normalisation
  readonly #execution: Execution
  readonly #resize: Tensor2D
  readonly #teacherNames: string[]
  #counters: StepCounters = { steps: 0, lastLayers: 0 }

  /**
   * Takes over the tensors of the networks, which are disposed.
   *
   * @throws CribsheetError capture-failed
   */
  constructor(
    initial: InitialNetworks,
    settings: TrainingSettings,
    { mode = 'captured', seed = 0 }: TrainStepOptions = {},
  ) {
    const { architecture, normalisation } = initial
    this.architecture = architecture
    this.settings = settings
    this.#normalisation = normalisation
    this.#teacherNames = Object.keys(initial.teacher).map((name) => TEACHER + name)
    const side = settings.imageSize / PATCH
    this.#resize = tf.keep(resizeMatrix(architecture.grid, side, side))
    this.#execution = execution(
      mode,
      (inputs, state) => trainStep(toStepInputs(inputs), state, architecture, settings),
      inputSpecs(architecture, settings),
      initialState(initial, settings, seed),
    )
  }

  /**
   * One step with a batch of any size.
   *
   * @throws RangeError where the batch's arrays do not fit together; CribsheetError out-of-memory, the state being as before the step.
   */
  run(batch: TrainingBatch, draws: StepDraws, scalars: StepScalars): StepMetrics {
    return this.runFor(metricNames, batch, draws, scalars, (results) => metricsOf(results, this.settings, scalars))
  }

  /**
   * One step, of which these results are wanted: metrics, decisions, gradients, under the names of trainStep. They live as long as
   * `use` runs.
   */
  runFor<T>(
    names: string[],
    batch: TrainingBatch,
    draws: StepDraws,
    scalars: StepScalars,
    use: (results: Record<string, Tensor>) => T,
  ): T {
    const counters = {
      steps: this.#counters.steps + 1,
      lastLayers: this.#counters.lastLayers + Number(!scalars.lastLayersFrozen),
    }
    const inputs = {
      ...batchInputs(batch, draws, this.architecture, this.#normalisation, this.settings),
      ...scalarInputs(scalars, counters, this.settings),
    }
    let results: Record<string, Tensor> = {}
    try {
      results = this.#execution.run({ ...inputs, resize: this.#resize }, names)
      this.#counters = counters
      return use(results)
    } finally {
      tf.dispose([inputs, results])
    }
  }

  /** The whole state, from which a training can go on; the caller disposes the tensors. */
  read(): TrainingState {
    const { steps, lastLayers } = this.#counters
    return { ...this.#execution.read(), [COUNTERS]: tf.tensor1d([steps, lastLayers]) }
  }

  /**
   * Goes on from a state that `read` gave. The tensors may be disposed afterwards.
   *
   * @throws RangeError where a tensor is missing or has another shape.
   */
  assign(state: TrainingState): void {
    if (!(COUNTERS in state)) throw new RangeError(`the variable ${COUNTERS} is missing`)
    const { [COUNTERS]: counters, ...variables } = state
    this.#execution.assign(variables)
    const [steps, lastLayers] = counters.dataSync()
    this.#counters = { steps, lastLayers }
  }

  /** The teacher's weights, which are what a training is for; the caller disposes them. */
  teacher(): NetworkWeights {
    return withoutPrefix(this.#execution.read(this.#teacherNames), TEACHER)
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
  const numbers = Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.dataSync()]))
  const [image, object, crossImage] = numbers.losses
  const weights = lossWeightsOf(settings.losses, scalars)
  const [objects] = numbers.objects
  return {
    losses: { image, object, crossImage: scalars.crossImage ? crossImage : 0 },
    loss: weights.reduce((sum, weight, level) => sum + (weight === 0 ? 0 : weight * numbers.losses[level]), 0),
    teacherEntropy: numbers.teacherEntropy[0],
    tokenVariance: numbers.tokenVariance[0],
    objects,
    consistent: objects === 0 ? 0 : numbers.consistent[0] / (2 * objects),
    gradientNorm: numbers.gradientNorm[0],
  }
}
