import { z } from 'zod'
import { tf, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from '../../tensorflow/index.ts'
import { crossImageWeights, meanWeights, moveCentre, weightedMean } from '../losses.ts'
import { assignmentsOf, threeLosses, type TeacherOutputs } from '../student-losses.ts'
import type { TrainingSettings } from '../training-settings.ts'
import { compare } from './compare.ts'
import { type ExecutionMode, runOnce } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { type Computed, keyOf, type PartOutcome } from './part.ts'

const manifestSchema = z.looseObject({
  config: z.looseObject({ student_temp: z.number(), center_momentum: z.number() }),
  cases: z.record(
    z.string(),
    z.looseObject({
      epoch: z.int().nonnegative(),
      tau: z.number(),
      losses_f64: z.array(z.number()).optional(),
      nn_loss_intent_f64: z.number().optional(),
    }),
  ),
})
type Manifest = z.infer<typeof manifestSchema>
type CrossImageCount = TrainingSettings['losses']['crossImageCount']

interface Outputs {
  losses: Tensor
  center_after: Tensor
  center_c_after: Tensor
  grad_student_output: Tensor
  grad_student_centroids: Tensor
}

const inputNames = [
  'student_output',
  'teacher_output',
  'student_centroids',
  'teacher_centroids',
  'teacher_nn',
  'teacher_nn2',
]

/** Runs the cases in their order; the centres carry over. Each also with the cross-image loss by its directions' own counts. */
export function lossesPart(fixture: Fixture, mode: ExecutionMode): PartOutcome {
  const manifest = manifestSchema.parse(fixture.manifest)
  const outcome: PartOutcome = { tensors: new Map(), others: [] }
  let centres: Record<string, Computed['values']> | undefined
  for (const name of Object.keys(manifest.cases)) {
    const file = `${name}.safetensors`
    centres ??= {
      center: zerosLike(fixture, file, 'center_before'),
      center_c: zerosLike(fixture, file, 'center_c_before'),
    }
    for (const [centre, values] of Object.entries(centres))
      outcome.tensors.set(keyOf(file, `${centre}_before`), { values })
    const outputs = runCase(fixture, mode, manifest, name, centres, 'first direction')
    for (const [tensor, values] of Object.entries(outputs)) outcome.tensors.set(keyOf(file, tensor), { values })
    outcome.others.push(...compareIntent(fixture, mode, manifest, name, centres))
    centres = { center: outputs.center_after, center_c: outputs.center_c_after }
  }
  return outcome
}

function zerosLike(fixture: Fixture, file: string, name: string): Float64Array {
  return new Float64Array(fixture.numbers(file, name).length)
}

function runCase(
  fixture: Fixture,
  mode: ExecutionMode,
  { cases, config }: Manifest,
  name: string,
  centres: Record<string, Computed['values']>,
  count: CrossImageCount,
): Record<keyof Outputs, Computed['values']> {
  const file = `${name}.safetensors`
  const { epoch, tau } = cases[name]
  const inputs = Object.fromEntries(inputNames.map((input): [string, Tensor] => [input, fixture.tensor(file, input)]))
  for (const mask of ['mask1', 'mask2']) inputs[mask] = tf.tensor1d(Float32Array.from(fixture.numbers(file, mask)))
  for (const [centre, values] of Object.entries(centres))
    inputs[centre] = tf.tensor2d(Float32Array.from(values), [1, values.length])
  inputs.tau = tf.scalar(tau)
  inputs.levels = tf.tensor1d([1, 1, epoch > 0 ? 1 : 0]) // the cross-image loss counts from the second epoch on
  const settings = {
    studentTemperature: config.student_temp,
    centreMomentum: config.center_momentum,
    crossImageCount: count,
  }
  const outputs = runOnce(mode, (given) => ({ ...lossesOf(given, settings) }), inputs)
  const values = Object.entries(outputs).map(([output, tensor]) => [output, tensor.dataSync()])
  tf.dispose(outputs)
  return Object.fromEntries(values) as Record<keyof Outputs, Computed['values']>
}

function lossesOf(
  inputs: Record<string, Tensor>,
  settings: Pick<TrainingSettings['losses'], 'studentTemperature' | 'centreMomentum' | 'crossImageCount'>,
): Outputs {
  const outputs = teacherOutputsOf(inputs, settings.crossImageCount)
  const centres = { image: inputs.center as Tensor2D, object: inputs.center_c as Tensor2D }
  const assignments = assignmentsOf(outputs, centres, inputs.tau as Scalar)
  const losses = (cls: Tensor, objects: Tensor): Tensor =>
    threeLosses({ cls: cls as Tensor2D, objects: objects as Tensor2D }, assignments, outputs, settings)
  const { value, grads } = tf.valueAndGrads(losses)([inputs.student_output, inputs.student_centroids], inputs.levels)
  const moved = (centre: Tensor2D, rows: Tensor2D, weights: Tensor1D): Tensor =>
    moveCentre(centre, weightedMean(rows, weights.div(2)), tf.scalar(1), settings.centreMomentum)
  return {
    losses: value.mul(inputs.levels),
    center_after: moved(centres.image, outputs.cls, outputs.clsWeights),
    center_c_after: moved(centres.object, outputs.objects, outputs.objectWeights),
    grad_student_output: grads[0],
    grad_student_centroids: grads[1],
  }
}

function teacherOutputsOf(inputs: Record<string, Tensor>, count: CrossImageCount): TeacherOutputs {
  const { teacher_output, teacher_centroids, teacher_nn, teacher_nn2, mask1, mask2 } = inputs
  const means = (rows: Tensor): Tensor1D => {
    const ofView = meanWeights(tf.ones([rows.shape[0] / 2]))
    return tf.concat([ofView, ofView])
  }
  const [firstOfJ] = tf.unstack(teacher_nn) as Tensor2D[]
  const [, secondOfJ2] = tf.unstack(teacher_nn2) as Tensor2D[]
  return {
    cls: teacher_output as Tensor2D,
    objects: teacher_centroids as Tensor2D,
    neighbours: tf.concat([firstOfJ, secondOfJ2]),
    clsWeights: means(teacher_output),
    objectWeights: means(teacher_centroids),
    neighbourWeights: tf.concat(crossImageWeights(mask1 as Tensor1D, mask2 as Tensor1D, count)),
  }
}

/** The cross-image loss by own counts stands in the manifest, in double precision: as far off as the authors' losses may be. */
function compareIntent(
  fixture: Fixture,
  mode: ExecutionMode,
  manifest: Manifest,
  name: string,
  centres: Record<string, Computed['values']>,
): PartOutcome['others'] {
  const { nn_loss_intent_f64: intended } = manifest.cases[name]
  if (intended === undefined) return []
  const { losses } = runCase(fixture, mode, manifest, name, centres, 'own')
  const entry = fixture
    .expected()
    .find((expected) => expected.file === `${name}.safetensors` && expected.name === 'losses')
  const maximum = entry?.entry.suggested_max_abs_tolerance ?? 0
  const comparison = compare([losses[2]], [intended], { kind: 'absolute', maximum, rms: maximum })
  return [{ name: `${name}/cross-image loss by own counts`, comparison }]
}
