import {
  tf,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Variable,
} from '../tensorflow/index.ts'
import { adamW, clipGradient, moveAverage, type AdamNumbers } from './adamw.ts'
import type { VitArchitecture } from './architecture.ts'
import { entropy, moveCentre, weightedMean } from './losses.ts'
import { push, type Memory, type MemoryEntry } from './memory.ts'
import { assignmentsOf, studentOutputs, teacherOutputs, threeLosses, type Centres } from './student-losses.ts'
import type { BatchTensors, TeacherSide, Targets } from './targets.ts'
import type { TrainingSettings } from './training-settings.ts'
import { isDecayed, isOfLastLayer, isTrained, splitNetwork, withoutPrefix } from './training-weights.ts'

/*
 * The student's half of a step of training as functions of tensors: from targets and the state's variables to gradients, and from these
 * to the new state.
 */

/** The variables of the state, see TrainingState. */
export type StateVariables = Record<string, Variable>

/** What a step is given, besides the state. */
export interface StepInputs extends BatchTensors {
  /** See DropPath; none where nothing is dropped. */
  keep?: Tensor2D
  temperature: Scalar
  /** Of image, object and cross-image loss; 0 where one does not count. (3) */
  lossWeights: Tensor1D
  /** 1 - the teacher's momentum. */
  averageShare: Scalar
  adam: AdamNumbers<Scalar>
  /** Of the heads' last layers. */
  adamOfLastLayers: AdamNumbers<Scalar>
}

/** The gradients of a batch, or of a part of one, and what else adds up over parts. */
export interface Gradients {
  /** Image, object, cross-image: (3), without their weights. */
  losses: Tensor1D
  /** Of the weighted sum of the losses, by the weight's name. */
  gradients: Record<string, Tensor>
  /** Means of the teacher's outputs. */
  means: Centres
  /** Mean entropies of the teacher's assignments, (2): of [CLS] tokens and of objects. */
  entropies: Tensor1D
}

export function memoryOf(state: StateVariables): Memory {
  const { objects1, objects2, valid, images } = withoutPrefix<Tensor>(state, 'memory.')
  return {
    objects1: objects1 as Tensor3D,
    objects2: objects2 as Tensor3D,
    valid: valid as Tensor2D,
    images: images as Tensor1D,
  }
}

function centresOf(state: StateVariables): Centres {
  return { image: state['centre.image'] as Tensor as Tensor2D, object: state['centre.object'] as Tensor as Tensor2D }
}

/** The student's losses on the targets, and their gradients. */
export function findGradients(
  inputs: Pick<StepInputs, 'patches' | 'resize' | 'keep' | 'temperature' | 'lossWeights'>,
  targets: Targets,
  state: StateVariables,
  architecture: VitArchitecture,
  settings: TrainingSettings,
): Gradients {
  const teacher = splitNetwork(withoutPrefix<Tensor>(state, 'teacher.'))
  const outputs = teacherOutputs(targets, teacher.head)
  const assignments = assignmentsOf(outputs, centresOf(state), inputs.temperature)
  const student = withoutPrefix<Tensor>(state, 'student.')
  const drop = inputs.keep && { rate: settings.dropPath, keep: inputs.keep }
  const names = Object.keys(student).filter((name) => isTrained(name, settings))
  const losses = (...trained: Tensor[]): Tensor => {
    const weights = { ...student, ...Object.fromEntries(names.map((name, i) => [name, trained[i]])) }
    const rows = studentOutputs(inputs, targets.assignment, weights, architecture, drop)
    return threeLosses(rows, assignments, outputs, settings.losses)
  }
  const { value, grads } = tf.valueAndGrads(losses)(
    names.map((name) => student[name]),
    inputs.lossWeights,
  )
  return {
    losses: value as Tensor1D,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])),
    means: {
      image: weightedMean(outputs.cls, outputs.clsWeights.div(2)),
      object: weightedMean(outputs.objects, outputs.objectWeights.div(2)),
    },
    entropies: tf.stack([
      entropy(assignments.cls, outputs.clsWeights.div(2)),
      entropy(assignments.objects, outputs.objectWeights.div(2)),
    ]) as Tensor1D,
  }
}

/** AdamW on the student, then the teacher's average, the centres and the memory. Assigns every variable of the state. */
export function update(
  { gradients, means }: Pick<Gradients, 'gradients' | 'means'>,
  entry: MemoryEntry,
  numbers: Pick<StepInputs, 'averageShare' | 'adam' | 'adamOfLastLayers'>,
  state: StateVariables,
  settings: TrainingSettings,
): void {
  for (const [name, gradient] of Object.entries(gradients)) {
    const group = isOfLastLayer(name) ? numbers.adamOfLastLayers : numbers.adam
    stepOne(name, gradient, group, state, settings)
  }
  for (const name of Object.keys(withoutPrefix(state, 'teacher.'))) {
    const teacher = state[`teacher.${name}`]
    assign(teacher, () => moveAverage(teacher, state[`student.${name}`], numbers.averageShare))
  }
  const { image, object } = centresOf(state)
  const counts = tf.minimum<Scalar>(1, entry.valid.sum())
  const { centreMomentum } = settings.losses
  assign(state['centre.image'], () => moveCentre(image, means.image, tf.scalar(1), centreMomentum))
  assign(state['centre.object'], () => moveCentre(object, means.object, counts, centreMomentum))
  const memory = push(memoryOf(state), entry)
  for (const [name, tensor] of Object.entries(memory)) state[`memory.${name}`].assign(tensor as Tensor)
}

function stepOne(
  name: string,
  gradient: Tensor,
  numbers: AdamNumbers<Scalar>,
  state: StateVariables,
  { optimiser }: TrainingSettings,
): void {
  const [weight, moment1, moment2] = ['student', 'moment1', 'moment2'].map((part) => state[`${part}.${name}`])
  const start = optimiser.pullTowardStart > 0 ? state[`start.${name}`] : undefined
  tf.tidy(() => {
    const clipped = optimiser.clipGradient === null ? gradient : clipGradient(gradient, optimiser.clipGradient)
    const next = adamW({ weight, moment1, moment2, start }, clipped, isDecayed(name, weight), numbers)
    weight.assign(next.weight)
    moment1.assign(next.moment1)
    moment2.assign(next.moment2)
  })
}

function assign(variable: Variable, value: () => Tensor): void {
  tf.tidy(() => variable.assign(value()))
}

export function gradientNorm(gradients: Record<string, Tensor>): Scalar {
  const squares = Object.values(gradients).map((gradient) => gradient.square().sum<Scalar>())
  return tf.sqrt(tf.addN(squares))
}

export function teacherMetrics(tokens: Tensor3D, { valid, directions }: TeacherSide): Record<string, Tensor> {
  const patches = tokens.slice([0, 1, 0], [-1, -1, -1]).reshape<Tensor2D>([-1, tokens.shape[2]])
  const centred = patches.sub(patches.mean(0, true))
  return {
    tokenVariance: centred.square().mean(),
    validObjects: valid.sum(),
    consistent: tf.add(directions[0].consistent.sum(), directions[1].consistent.sum()),
  }
}

/** What a step decided besides the targets: which objects are valid, and the neighbours in both directions. */
export function decisions({ valid, directions }: TeacherSide): Record<string, Tensor> {
  return {
    valid,
    neighbours1: directions[0].index,
    neighbours2: directions[1].index,
    consistent1: directions[0].consistent,
    consistent2: directions[1].consistent,
  }
}
