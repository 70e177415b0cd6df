import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D } from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import { joinViews, objectsOf } from './clustering.ts'
import { head } from './head.ts'
import type { Weights } from './layout.ts'
import { crossEntropy, teacherAssignment } from './losses.ts'
import { resizePositions } from './position-embedding.ts'
import { clsOf, type BatchTensors, type Targets } from './targets.ts'
import type { NetworkWeights } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'
import { splitNetwork } from './training-weights.ts'
import { vit, type DropPath } from './vit.ts'

const VIEWS = 2

export interface Centres {
  /** (1, H) */
  image: Tensor2D
  object: Tensor2D
}

/** The teacher's outputs for the rows that the student is compared with, and what they weigh. */
export interface TeacherOutputs {
  /** Similarities with the prototypes as the head gives them: [CLS] (2 B, H), objects and neighbours (2 B K, H). */
  cls: Tensor2D
  objects: Tensor2D
  neighbours: Tensor2D
  /** A row's weight in its view's, or its direction's, mean. */
  clsWeights: Tensor1D
  objectWeights: Tensor1D
  neighbourWeights: Tensor1D
}

/** The teacher's head on the targets. */
export function teacherOutputs(targets: Targets, weights: Weights): TeacherOutputs {
  const d = targets.cls.shape[2]
  const rows = (x: Tensor): Tensor2D => x.reshape([-1, d])
  const twice = (x: Tensor): Tensor1D => tf.concat<Tensor1D>([x.reshape([-1]), x.reshape([-1])])
  return {
    cls: head(rows(targets.cls), weights, 'last_layer'),
    objects: head(rows(targets.objects), weights, 'last_layer_c'),
    neighbours: head(rows(targets.neighbours), weights, 'last_layer_c'),
    clsWeights: twice(targets.imageWeights),
    objectWeights: twice(targets.objectWeights),
    neighbourWeights: targets.crossImageWeights.reshape([-1]),
  }
}

/** The teacher's assignments to prototypes, as the student's targets, each with its rows' weights. */
export interface Assignments {
  cls: Tensor2D
  objects: Tensor2D
  neighbours: Tensor2D
}

export function assignmentsOf(outputs: TeacherOutputs, centres: Centres, temperature: Scalar): Assignments {
  return {
    cls: teacherAssignment(outputs.cls, centres.image, temperature),
    objects: teacherAssignment(outputs.objects, centres.object, temperature),
    neighbours: teacherAssignment(outputs.neighbours, centres.object, temperature),
  }
}

/** The student's outputs for both views, in the order of the teacher's: [CLS] (2 B, H), objects (2 B K, H). */
export function studentOutputs(
  batch: Pick<BatchTensors, 'patches' | 'resize'>,
  assignment: Tensor3D,
  student: NetworkWeights,
  architecture: VitArchitecture,
  drop?: DropPath,
): { cls: Tensor2D; objects: Tensor2D } {
  const { backbone, head: headWeights } = splitNetwork(student)
  const learned = resizePositions(backbone.pos_embed as Tensor3D, batch.resize)
  const tokens = vit(batch.patches, learned, backbone, architecture, drop)
  const { means } = objectsOf(joinViews(tokens, VIEWS), assignment, VIEWS)
  return {
    cls: head(clsOf(tokens), headWeights, 'last_layer'),
    objects: head(means.reshape<Tensor2D>([-1, tokens.shape[2]]), headWeights, 'last_layer_c'),
  }
}

/** The rows of view 1 after those of view 2: what one view's student is compared with is the other view's teacher. */
function swapViews<T extends Tensor>(rows: T): T {
  const views = rows.reshape([VIEWS, -1, ...rows.shape.slice(1)])
  return tf.reverse(views, 0).reshape<T>(rows.shape)
}

/**
 * Image-level, object-level and cross-image loss, (3): each the mean of its two directions. The cross-image targets q_1[j] stand for
 * c_1 and are compared with the student's c_2, and the other way round.
 */
export function threeLosses(
  student: { cls: Tensor2D; objects: Tensor2D },
  assignments: Assignments,
  weights: Pick<TeacherOutputs, 'clsWeights' | 'objectWeights' | 'neighbourWeights'>,
  { studentTemperature }: Pick<TrainingSettings['losses'], 'studentTemperature'>,
): Tensor1D {
  const level = (targets: Tensor2D, rows: Tensor2D, rowWeights: Tensor1D): Scalar =>
    crossEntropy(swapViews(targets), rows, swapViews(rowWeights).div(VIEWS), studentTemperature)
  return tf.stack([
    level(assignments.cls, student.cls, weights.clsWeights),
    level(assignments.objects, student.objects, weights.objectWeights),
    level(assignments.neighbours, student.objects, weights.neighbourWeights),
  ]) as Tensor1D
}
