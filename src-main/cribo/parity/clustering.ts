import { z } from 'zod'
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D } from '../../tensorflow/index.ts'
import type { ClusteringSettings } from '../clustering-settings.ts'
import { clusteringIterations, joinViews, objectsOf } from '../clustering.ts'
import { type ExecutionMode, runOnce } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { type Computed, keyOf, type PartOutcome } from './part.ts'

const manifestSchema = z.looseObject({
  constants: z.looseObject({
    n_iter: z.int().positive(),
    sinkhorn_lambda: z.number(),
    sinkhorn_iterations: z.int().positive(),
    c_offset: z.number(),
  }),
  cases: z.record(
    z.string(),
    z.looseObject({
      alpha: z.number().default(1),
      /** The file with tokens and positions, where it is not the case's own. */
      inputs: z.string().optional(),
      /** Of P in float32. */
      P_max_rel_err_f32: z.number().nonnegative().default(0),
    }),
  ),
})
type Manifest = z.infer<typeof manifestSchema>

/** Runs every case of a clustering fixture: the iterations, then the objects of teacher and student. */
export function clusteringPart(fixture: Fixture, mode: ExecutionMode): PartOutcome {
  const manifest = manifestSchema.parse(fixture.manifest)
  const tensors = new Map<string, Computed>()
  for (const name of Object.keys(manifest.cases)) {
    const file = `${name}.safetensors`
    for (const [tensor, computed] of computeCase(fixture, file, manifest, name, mode))
      tensors.set(keyOf(file, tensor), computed)
  }
  return { tensors, others: [] }
}

function computeCase(
  fixture: Fixture,
  file: string,
  manifest: Manifest,
  name: string,
  mode: ExecutionMode,
): Map<string, Computed> {
  const { alpha, inputs: inputFile = file, P_max_rel_err_f32: relativeError } = manifest.cases[name]
  const inputs: Record<string, Tensor> = {
    tokens: fixture.tensor(inputFile, 'tokens'),
    positions: fixture.tensor(inputFile, 'positions'),
    init: fixture.tensor(file, 'init'),
  }
  if (fixture.has(inputFile, 'student_tokens')) inputs.student_tokens = fixture.tensor(inputFile, 'student_tokens')
  const outputs = runOnce(mode, (given) => clusterAndMeasure(given, settingsOf(manifest, alpha)), inputs)
  try {
    const computed = new Map<string, Computed>()
    const valid = outputs.valid.dataSync()
    for (const [output, tensor] of Object.entries(outputs)) {
      if (/^(student_)?c$/.test(output)) addObjects(computed, `${output}_`, tensor, valid)
      else computed.set(output, { values: tensor.dataSync() })
    }
    leaveOutTies(fixture, file, computed, relativeError)
    return computed
  } finally {
    tf.dispose(outputs)
  }
}

function settingsOf({ constants }: Manifest, alpha: number): ClusteringSettings {
  return {
    alpha,
    iterations: constants.n_iter,
    lambda: constants.sinkhorn_lambda,
    sinkhornIterations: constants.sinkhorn_iterations,
    countOffset: constants.c_offset,
  }
}

/** All that a manifest may ask for, under the names of the manifests. */
function clusterAndMeasure(inputs: Record<string, Tensor>, settings: ClusteringSettings): Record<string, Tensor> {
  const [views, images, patches] = inputs.positions.shape
  const tokens = joinViews(inputs.tokens as Tensor3D, views)
  const positions = inputs.positions.transpose([1, 0, 2, 3]).reshape<Tensor3D>([images, views * patches, 2])
  const iterations = [...clusteringIterations(tokens, positions, inputs.init as Tensor2D, settings)]
  const { assignment } = iterations[iterations.length - 1]
  const objects = objectsOf(tokens, assignment, views)
  const outputs: Record<string, Tensor> = {
    ids: tf.stack(iterations.map(({ plan }) => plan.argMax(2))),
    hard: tf.stack(iterations.map((iteration) => iteration.assignment)),
    P: tf.stack(iterations.map(({ plan }) => plan)),
    col: tf.stack(iterations.map(({ shares }) => shares)),
    M_sum: tf.stack(iterations.map(({ cost }) => cost.sum([1, 2]))),
    valid: objects.valid,
    counts: objects.valid.sum(1),
    c: objects.means,
  }
  iterations.forEach(({ distance, positionCost, plan, centroids }, t) => {
    outputs[`Qraw_${t}`] = distance
    outputs[`Q_${t}`] = positionCost
    outputs[`P_${t}`] = plan
    outputs[`centroids_${t}`] = centroids
  })
  if ('student_tokens' in inputs)
    outputs.student_c = objectsOf(joinViews(inputs.student_tokens as Tensor3D, views), assignment, views).means
  return outputs
}

/** The valid objects (N, d) of each view, as PREFIX1, PREFIX2, from the means of all (V, B, K, d). */
function addObjects(computed: Map<string, Computed>, prefix: string, means: Tensor, valid: ArrayLike<number>): void {
  const rows = Int32Array.from(Array.from(valid).flatMap((flag, row) => (flag ? [row] : [])))
  const views = tf.tidy(() => {
    const [count, images, K, width] = means.shape
    const index: Tensor1D = tf.tensor1d(rows, 'int32')
    return tf.unstack(means.reshape([count, images * K, width])).map((view) => view.gather(index))
  })
  views.forEach((view, v) => computed.set(`${prefix}${v + 1}`, { values: view.dataSync() }))
  tf.dispose(views)
}

/**
 * A token whose two likeliest clusters are closer than twice the relative error that the plan has in float32 may fall to either; its
 * margin is the least over the iterations.
 */
function leaveOutTies(fixture: Fixture, file: string, computed: Map<string, Computed>, relativeError: number): void {
  const ids = computed.get('ids')
  if (!ids || !fixture.has(file, 'margin')) return
  const margin = fixture.numbers(file, 'margin')
  const tooClose = Array.from(margin, (value) => value < 2 * relativeError)
  const ties = tooClose.filter(Boolean).length
  if (ties === 0) return
  ids.counts = (index) => !tooClose[index % margin.length]
  ids.note = `${ties} tokens are too close to call`
}
