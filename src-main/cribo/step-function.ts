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
import {
  assignmentsOf,
  studentOutputs,
  teacherOutputs,
  threeLosses,
  type Assignments,
  type Centres,
  type TeacherOutputs,
} from './student-losses.ts'
import { teacherSide, type BatchTensors, type TeacherSide, type Targets } from './targets.ts'
import type { TrainingSettings } from './training-settings.ts'
import { isDecayed, isOfLastLayer, isTrained, splitNetwork, withoutPrefix } from './training-weights.ts'

/*
 * One step of training as a function of tensors: from its inputs and the state's variables to the new state. It is written so that it
 * can be captured as one graph, or run op by op.
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
  teacherEntropy: Scalar
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

/** What the teacher says about the batch. */
export function findTargets(
  batch: BatchTensors,
  state: StateVariables,
  architecture: VitArchitecture,
  settings: TrainingSettings,
): TeacherSide {
  const { backbone } = splitNetwork(withoutPrefix<Tensor>(state, 'teacher.'))
  return teacherSide(batch, backbone, memoryOf(state), architecture, settings)
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
    teacherEntropy: teacherEntropy(assignments, outputs),
  }
}

/** Of the objects' assignments; where no object is valid, of the [CLS] tokens'. */
function teacherEntropy(assignments: Assignments, { clsWeights, objectWeights }: TeacherOutputs): Scalar {
  const ofObjects = entropy(assignments.objects, objectWeights.div(2))
  const none = tf.sub(1, objectWeights.sum().div(2))
  return ofObjects.add(entropy(assignments.cls, clsWeights.div(2)).mul(none))
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

/** The whole step. Its results are the metrics (see StepMetrics), and what tests look at: decisions and gradients. */
export function trainStep(
  inputs: StepInputs,
  state: StateVariables,
  architecture: VitArchitecture,
  settings: TrainingSettings,
): Record<string, Tensor> {
  const teacher = findTargets(inputs, state, architecture, settings)
  const found = findGradients(inputs, teacher.targets, state, architecture, settings)
  const results = {
    losses: found.losses,
    teacherEntropy: found.teacherEntropy,
    gradientNorm: gradientNorm(found.gradients),
    ...teacherMetrics(teacher),
    ...decisions(teacher),
    ...Object.fromEntries(Object.entries(found.gradients).map(([name, gradient]) => [`gradient.${name}`, gradient])),
  }
  update(
    found,
    { objects: teacher.targets.objects, valid: teacher.valid, images: inputs.images },
    inputs,
    state,
    settings,
  )
  return results
}

export function gradientNorm(gradients: Record<string, Tensor>): Scalar {
  const squares = Object.values(gradients).map((gradient) => gradient.square().sum<Scalar>())
  return tf.sqrt(tf.addN(squares))
}

export function teacherMetrics({ valid, directions, tokens }: TeacherSide): Record<string, Tensor> {
  const patches = tokens.slice([0, 1, 0], [-1, -1, -1]).reshape<Tensor2D>([-1, tokens.shape[2]])
  const centred = patches.sub(patches.mean(0, true))
  return {
    tokenVariance: centred.square().mean(),
    objects: valid.sum(),
    consistent: tf.add(directions[0].consistent.sum(), directions[1].consistent.sum()),
  }
}

/** What a step decided: A, c_1 and c_2, which objects are valid, and the neighbours in both directions. */
function decisions({ targets, valid, directions }: TeacherSide): Record<string, Tensor> {
  return {
    assignment: targets.assignment,
    objectMeans: targets.objects,
    valid,
    neighbours1: directions[0].index,
    neighbours2: directions[1].index,
    consistent1: directions[0].consistent,
    consistent2: directions[1].consistent,
  }
}
