import {
  drawsOfStep,
  type InitialNetworks,
  type NetworkWeights,
  scheduleAt,
  ShuffledEpochs,
  type StepMetrics,
  type TrainingSettings,
  type TrainingState,
  TrainStep,
  ViewPool,
} from '../../../cribo/index.ts'
import { errorToMessage, type CribsheetError } from '../../../contract/index.ts'
import type { JobContext } from '../../job.ts'
import type { TrainingEvent, TrainRequest } from '../../train-job.ts'
import { ImageWatch } from './image-watch.ts'
import { viewSettingsOf } from './settings.ts'

/** Steps of a training on a folder's images: views from threads, chance from the seed, the schedule's numbers, the network. */
export class StepRunner {
  /** Of the head for objects. */
  readonly prototypes: number
  readonly #request: TrainRequest
  readonly #context: JobContext<TrainingEvent>
  readonly #train: TrainStep
  readonly #pool: ViewPool
  readonly #watch: ImageWatch
  #settings: TrainingSettings

  /** Takes over the tensors of the networks. */
  constructor(
    request: TrainRequest,
    settings: TrainingSettings,
    networks: InitialNetworks,
    context: JobContext<TrainingEvent>,
  ) {
    const { images, seed, changes } = request
    this.#request = request
    this.#context = context
    this.#settings = settings
    this.prototypes = networks.student['head.last_layer_c.weight_g'].size
    this.#train = new TrainStep(networks, settings, {
      seed,
      ...(changes.products && { products: changes.products }),
      onSmallerMicroBatch: (size) => this.#tellMicroBatch(size),
    })
    this.#pool = new ViewPool({
      files: images.map(({ file }) => file),
      epochs: new ShuffledEpochs({ images: images.length, batch: settings.batch, seed }),
      settings: viewSettingsOf(settings),
      seed,
      onUnreadable: (error) => this.#passOver(error),
    })
    this.#watch = new ImageWatch(images, (index, error) => {
      this.#pool.passOver(index, error)
      this.#passOver(error)
    })
  }

  #tellMicroBatch(size: number): void {
    const text = `The memory does not suffice for the whole batch: the networks see ${size} of its images at a time from here on. The result is the same.`
    void this.#context.result({ type: 'note', text })
  }

  #passOver(error: CribsheetError): void {
    const image = this.#request.images.find(({ file }) => file === error.file)
    if (image)
      void this.#context.result({ type: 'passed-over', imageId: image.imageId, problem: errorToMessage(error) })
  }

  /** How many images the networks see at a time: fewer than the batch where the memory did not suffice for it. */
  get microBatch(): number {
    return this.#train.microBatch ?? this.#settings.batch
  }

  /** @param step from 0 */
  async step(step: number): Promise<StepMetrics & { rate: number }> {
    const { images, pixels, positions } = await this.#pool.batch(step)
    await this.#watch.look(images)
    const { seed } = this.#request
    const settings = this.#settings
    const scalars = scheduleAt(step, settings.batch, settings.schedule)
    const draws = drawsOfStep(seed, step, images.length, this.#train.architecture, settings)
    const metrics = this.#train.run({ pixels, positions, imageIds: Int32Array.from(images) }, draws, scalars)
    return { ...metrics, rate: scalars.rate }
  }

  /** The rest goes by other schedules. */
  reschedule(settings: TrainingSettings): void {
    this.#settings = settings
  }

  teacher(): NetworkWeights {
    return this.#train.teacher()
  }

  read(): TrainingState {
    return this.#train.read()
  }

  assign(state: TrainingState): void {
    this.#train.assign(state)
  }

  async close(): Promise<void> {
    this.#train.dispose()
    await this.#pool.close()
  }
}
