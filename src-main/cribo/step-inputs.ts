import {
  tf,
  type InputSpec,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '../tensorflow/index.ts'
import { adamNumberNames, adamNumbers, standstill, type AdamNumbers } from './adamw.ts'
import { PATCH, PATCH_LENGTH, type VitArchitecture } from './architecture.ts'
import { toPatches, type Normalisation } from './patches.ts'
import type { StepScalars } from './schedule.ts'
import type { StepInputs } from './step-function.ts'
import type { StepDraws, TrainingBatch } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'

const VIEWS = 2

/** Steps taken, and those of them in which the last layers were trained: what Adam's corrections count. */
export interface StepCounters {
  steps: number
  lastLayers: number
}

/** What a batch looks like, of every size. */
export function batchSpecs(architecture: VitArchitecture, settings: TrainingSettings): Record<string, InputSpec> {
  const branches = branchesOf(architecture, settings)
  return {
    patches: { dims: ['2*batch', 'patches', PATCH_LENGTH] },
    resize: { dims: ['patches', architecture.grid ** 2] },
    positions: { dims: [VIEWS, 'batch', 'patches', 2] },
    images: { dims: ['batch'] },
    seeds: { dims: ['batch', settings.clustering.clusters], dtype: 'int32' },
    ...(branches > 0 ? { keep: { dims: [branches, '2*batch'] } } : {}),
  }
}

/** What else a step is given. */
export function scalarSpecs(): Record<string, InputSpec> {
  const scalar: InputSpec = { dims: [] }
  return {
    temperature: scalar,
    lossWeights: { dims: [3] },
    averageShare: scalar,
    ...Object.fromEntries(adamNumberNames.map((name) => [`adam.${name}`, scalar])),
    ...Object.fromEntries(adamNumberNames.map((name) => [`adamOfLastLayers.${name}`, scalar])),
  }
}

/** How many branches of the student can be dropped: of every block but the first the attention and the MLP. */
export function branchesOf({ depth }: VitArchitecture, { dropPath }: Pick<TrainingSettings, 'dropPath'>): number {
  return dropPath > 0 ? 2 * (depth - 1) : 0
}

/** The named inputs as the function of a step takes them; a function that is only a part of a step has but some of them. */
export function toStepInputs(inputs: Record<string, Tensor>): StepInputs {
  const numbers = (group: string) =>
    Object.fromEntries(
      adamNumberNames.map((name) => [name, inputs[`${group}.${name}`]]),
    ) as unknown as AdamNumbers<Scalar>
  return {
    patches: inputs.patches as Tensor3D,
    resize: inputs.resize as Tensor2D,
    positions: inputs.positions as Tensor4D,
    images: inputs.images as Tensor1D,
    seeds: inputs.seeds as Tensor2D,
    ...('keep' in inputs ? { keep: inputs.keep as Tensor2D } : {}),
    temperature: inputs.temperature as Scalar,
    lossWeights: inputs.lossWeights as Tensor1D,
    averageShare: inputs.averageShare as Scalar,
    adam: numbers('adam'),
    adamOfLastLayers: numbers('adamOfLastLayers'),
  }
}

/** @throws RangeError where the arrays do not fit together. */
export function batchInputs(
  { pixels, positions, imageIds }: TrainingBatch,
  { seeds, keep }: StepDraws,
  architecture: VitArchitecture,
  normalisation: Normalisation,
  settings: TrainingSettings,
): Record<string, Tensor> {
  const { imageSize, clustering } = settings
  const B = imageIds.length
  const n = (imageSize / PATCH) ** 2
  const branches = branchesOf(architecture, settings)
  checkLength('positions', positions, VIEWS * B * n * 2)
  checkLength('seeds', seeds, B * clustering.clusters)
  checkLength('keep', keep, branches * VIEWS * B)
  const patches = toPatches(pixels, { batch: VIEWS * B, height: imageSize, width: imageSize }, normalisation)
  return {
    patches: tf.tensor3d(patches, [VIEWS * B, n, PATCH_LENGTH]),
    positions: tf.tensor4d(positions, [VIEWS, B, n, 2]),
    images: tf.tensor1d(Float32Array.from(imageIds)),
    seeds: tf.tensor2d(seeds, [B, clustering.clusters], 'int32'),
    ...(branches > 0 ? { keep: tf.tensor2d(keep, [branches, VIEWS * B]) } : {}),
  }
}

function checkLength(name: string, array: ArrayLike<number>, expected: number): void {
  if (array.length !== expected) throw new RangeError(`${name} holds ${array.length} numbers, not ${expected}`)
}

/** @param counters with this step counted. */
export function scalarInputs(
  scalars: StepScalars,
  counters: StepCounters,
  { losses, optimiser }: TrainingSettings,
): Record<string, Tensor> {
  const { rate, weightDecay, lastLayersFrozen } = scalars
  const ofLastLayers = lastLayersFrozen ? standstill : adamNumbers(counters.lastLayers, rate, weightDecay, optimiser)
  return {
    temperature: tf.scalar(scalars.teacherTemperature),
    lossWeights: tf.tensor1d(lossWeightsOf(losses, scalars)),
    averageShare: tf.scalar(1 - scalars.teacherMomentum),
    ...namedScalars('adam', adamNumbers(counters.steps, rate, weightDecay, optimiser)),
    ...namedScalars('adamOfLastLayers', ofLastLayers),
  }
}

function namedScalars(group: string, numbers: AdamNumbers<number>): Record<string, Tensor> {
  return Object.fromEntries(adamNumberNames.map((name) => [`${group}.${name}`, tf.scalar(numbers[name])]))
}

/** Of image, object and cross-image loss in this step. */
export function lossWeightsOf(losses: TrainingSettings['losses'], { crossImage }: StepScalars): number[] {
  return [losses.image, losses.object, crossImage ? losses.crossImage : 0]
}
