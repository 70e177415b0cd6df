import {
  executeOp,
  tf,
  type InputSpec,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import type { FunctionToRun, StatefulFunction } from './execution.ts'
import { decisions, findGradients, gradientNorm, memoryOf, teacherMetrics, update } from './step-function.ts'
import { batchSpecs, scalarSpecs, toStepInputs } from './step-inputs.ts'
import { teacherSide, teacherTokens, type Targets } from './targets.ts'
import type { TrainingSettings } from './training-settings.ts'
import { isTrained, splitNetwork, withoutPrefix, withPrefix } from './training-weights.ts'

/*
 * A step as four functions that share the state's variables. They are written so that they can be captured, or run op by op.
 * `tokens` and `accumulate` take any part of the batch. What couples its images (the costs of the clustering, the way back of the
 * neighbours, how many rows a mean is over) is in `targets`, which takes the whole; so the sum over the parts is the batch's gradient.
 */

export type StepPart = 'tokens' | 'targets' | 'accumulate' | 'finish'

const VIEWS = 2
/** The variables in which the gradients and the means of the parts add up; they are not part of the state. */
export const SUM = 'sum.'
export const GRADIENT = 'gradient.'
const MEAN = 'mean.'

/** The sums' variables, for a state. */
export function sumsFor(state: Record<string, Tensor>, settings: TrainingSettings): Record<string, Tensor> {
  const student = Object.entries(withoutPrefix(state, 'student.')).filter(([name]) => isTrained(name, settings))
  const gradients = Object.fromEntries(student.map(([name, { shape }]): [string, Tensor] => [name, tf.zeros(shape)]))
  const means = { image: tf.zeros(state['centre.image'].shape), object: tf.zeros(state['centre.object'].shape) }
  return withPrefix(SUM, { ...withPrefix(GRADIENT, gradients), ...withPrefix<Tensor>(MEAN, means) })
}

export function stepParts(architecture: VitArchitecture, settings: TrainingSettings): Record<StepPart, FunctionToRun> {
  const { patches, resize, positions, images, seeds, ...drop } = batchSpecs(architecture, settings)
  const { temperature, lossWeights, ...numbers } = scalarSpecs()
  const { valid, ...targets } = targetSpecs(architecture, settings)
  const tokens = { dims: ['2*batch', 'patches+1', architecture.width] }
  return {
    tokens: { fn: tokensOf(architecture), inputs: { patches, resize } },
    targets: { fn: targetsOf(settings), inputs: { tokens, positions, images, seeds } },
    accumulate: {
      fn: accumulate(architecture, settings),
      inputs: { patches, resize, ...drop, temperature, lossWeights, ...targets, add: { dims: [], dtype: 'bool' } },
    },
    finish: { fn: finish(settings), inputs: { ...numbers, objects: targets.objects, valid, images } },
  }
}

function targetSpecs(
  { width }: VitArchitecture,
  { clustering: { clusters: K } }: TrainingSettings,
): Record<keyof Targets | 'valid', InputSpec> {
  return {
    assignment: { dims: ['batch', '2*patches', K] },
    cls: { dims: [VIEWS, 'batch', width] },
    objects: { dims: [VIEWS, 'batch', K, width] },
    neighbours: { dims: [VIEWS, 'batch', K, width] },
    imageWeights: { dims: ['batch'] },
    objectWeights: { dims: ['batch', K] },
    crossImageWeights: { dims: [VIEWS, 'batch', K] },
    valid: { dims: ['batch', K] },
  }
}

/** The teacher's tokens. */
function tokensOf(architecture: VitArchitecture): StatefulFunction {
  return (inputs, state) => {
    const { backbone } = splitNetwork(withoutPrefix<Tensor>(state, 'teacher.'))
    return { tokens: teacherTokens(toStepInputs(inputs), backbone, architecture) }
  }
}

/** What the teacher says about the whole batch: the targets, metrics, and decisions. */
function targetsOf(settings: TrainingSettings): StatefulFunction {
  return (inputs, state) => {
    const tokens = inputs.tokens as Tensor3D
    const teacher = teacherSide(tokens, toStepInputs(inputs), memoryOf(state), settings)
    return { ...teacher.targets, ...teacherMetrics(tokens, teacher), ...decisions(teacher) }
  }
}

/** Gradients and means of a part: where `add` is true they are added to the sums, else these begin anew. */
function accumulate(architecture: VitArchitecture, settings: TrainingSettings): StatefulFunction {
  return (inputs, state) => {
    const found = findGradients(toStepInputs(inputs), toTargets(inputs), state, architecture, settings)
    const terms = { ...withPrefix(GRADIENT, found.gradients), ...withPrefix<Tensor>(MEAN, { ...found.means }) }
    for (const [name, term] of Object.entries(terms)) {
      const sum = state[SUM + name]
      tf.tidy(() => sum.assign(term.add(valueOrZero(inputs.add, sum))))
    }
    return { losses: found.losses, entropies: found.entropies }
  }
}

/** Not by a product: what a failed step has left there may be infinite. */
function valueOrZero(condition: Tensor, value: Tensor): Tensor {
  return executeOp('SelectV2', { T: 'float32' }, [condition, value, tf.scalar(0)])[0]
}

function toTargets(tensors: Record<string, Tensor>): Targets {
  return {
    assignment: tensors.assignment as Tensor3D,
    cls: tensors.cls as Tensor3D,
    objects: tensors.objects as Tensor4D,
    neighbours: tensors.neighbours as Tensor4D,
    imageWeights: tensors.imageWeights as Tensor1D,
    objectWeights: tensors.objectWeights as Tensor2D,
    crossImageWeights: tensors.crossImageWeights as Tensor3D,
  }
}

/** The state's new values, from the sums. */
function finish(settings: TrainingSettings): StatefulFunction {
  return (inputs, state) => {
    const sums = withoutPrefix<Tensor>(state, SUM)
    const gradients = withoutPrefix(sums, GRADIENT)
    const { image, object } = withoutPrefix(sums, MEAN)
    const means = { image: image as Tensor2D, object: object as Tensor2D }
    const entry = {
      objects: inputs.objects as Tensor4D,
      valid: inputs.valid as Tensor2D,
      images: inputs.images as Tensor1D,
    }
    const norm = gradientNorm(gradients)
    update({ gradients, means }, entry, toStepInputs(inputs), state, settings)
    return { gradientNorm: norm }
  }
}
