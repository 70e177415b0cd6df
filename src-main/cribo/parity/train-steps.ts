import { join } from 'node:path'
import { z } from 'zod'
import { tf, type Tensor } from '../../tensorflow/index.ts'
import { toPytorch } from '../layout.ts'
import { presetSettings } from '../presets.ts'
import { scheduleAt, type StepScalars } from '../schedule.ts'
import { TrainStep } from '../train-step.ts'
import type { InitialNetworks, StepDraws, TrainingBatch } from '../training.ts'
import type { TrainingSettings } from '../training-settings.ts'
import { joinNetwork, withoutPrefix } from '../training-weights.ts'
import { readHead, readVit } from '../weights.ts'
import { compare, type Comparison } from './compare.ts'
import type { ExecutionMode } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { type Computed, keyOf, type PartOutcome } from './part.ts'
import { countsOf, fromPlaces, livePlaces } from './places.ts'
import { normOf } from './norm.ts'

const INPUTS = 'inputs.safetensors'

const count = z.int().positive()
const norms = z.record(z.string(), z.number())
const manifestSchema = z.looseObject({
  initial_weights: z.string(),
  config: z.looseObject({
    dim: count,
    heads: count,
    K: count,
    B: count,
    alpha: z.number(),
    epochs: count,
    steps_per_epoch: count,
    queue_size: count,
    drop_path: z.number(),
    lr_arg: z.number(),
    min_lr: z.number(),
    weight_decay: z.number(),
    weight_decay_end: z.number(),
    momentum_teacher: z.number(),
    warmup_epochs: z.int().nonnegative(),
    warmup_teacher_temp_epochs: z.int().nonnegative(),
    warmup_teacher_temp: z.number(),
    teacher_temp: z.number(),
    freeze_last_layer: z.int().nonnegative(),
    clip_grad: z.number().nonnegative(),
  }),
  steps: z.array(
    z.looseObject({
      losses: z.array(z.number()),
      losses_f64: z.array(z.number()),
      grad_norms: norms,
      grad_norms_f64: norms,
    }),
  ),
})
type Manifest = z.infer<typeof manifestSchema>

/** Times what float32 costs the authors' own code, as for the tensors: what numbers without a tolerance in the manifest may be off. */
const ALLOWED_FLOORS = 20

/** Trains as the authors' run did, and compares every step: decisions, losses, gradients, weights, centres. */
export function trainStepsPart(fixture: Fixture, mode: ExecutionMode): PartOutcome {
  const manifest = manifestSchema.parse(fixture.manifest)
  const settings = settingsOf(manifest)
  const outcome: PartOutcome = { tensors: new Map(), others: [] }
  using step = new TrainStep(initialNetworks(fixture, manifest), settings, { mode })
  startMemoryAs(step, fixture.numbers(INPUTS, 'queue_init'))
  const losses: number[][] = []
  const gradientNorms: Record<string, number>[] = []
  manifest.steps.forEach((_, index) => {
    const result = runStep(step, fixture, index, outcome)
    losses.push(result.losses)
    gradientNorms.push(result.gradientNorms)
  })
  addWeights(step, fixture, 'student_after.safetensors', /^(.+)$/, 'student.', outcome)
  addWeights(step, fixture, 'teacher_after.safetensors', /^(.+)$/, 'teacher.', outcome)
  outcome.others.push(
    { name: 'losses of every step', comparison: compareLosses(losses, manifest) },
    { name: 'gradient norms of every step', comparison: compareNorms(gradientNorms, manifest) },
  )
  return outcome
}

function settingsOf({ config }: Manifest): TrainingSettings {
  const paper = presetSettings('imagenet-vit-s', config.B)
  return {
    ...paper,
    batch: config.B,
    clustering: { ...paper.clustering, clusters: config.K, alpha: config.alpha },
    memory: { ...paper.memory, images: config.queue_size },
    losses: { ...paper.losses, crossImageCount: 'first direction' },
    dropPath: config.drop_path,
    optimiser: { ...paper.optimiser, clipGradient: config.clip_grad || null },
    schedule: {
      ...paper.schedule,
      unit: config.steps_per_epoch,
      duration: config.epochs,
      warmUp: config.warmup_epochs,
      rate: config.lr_arg,
      minimumRate: config.min_lr,
      weightDecay: config.weight_decay,
      weightDecayEnd: config.weight_decay_end,
      teacherMomentum: config.momentum_teacher,
      teacherTemperature: config.warmup_teacher_temp,
      teacherTemperatureEnd: config.teacher_temp,
      temperatureWarmUp: config.warmup_teacher_temp_epochs,
      lastLayersFrozen: config.freeze_last_layer,
    },
  }
}

function initialNetworks(fixture: Fixture, { initial_weights, config }: Manifest): InitialNetworks {
  const [path] = initial_weights.split(',') // "../folder/weights.safetensors, student and teacher alike"
  const file = join(fixture.folder, path)
  const { architecture, normalisation, weights } = readVit(file, { heads: config.heads })
  const network = joinNetwork(weights, readHead(file))
  return { architecture, normalisation, student: network, teacher: network }
}

/** The queue as it starts, (2, M K, d): every image has K objects. */
function startMemoryAs(step: TrainStep, queue: Float64Array): void {
  const state = step.read()
  const shape = state['memory.objects1'].shape
  const half = queue.length / 2
  const memory = {
    'memory.objects1': tf.tensor(Float32Array.from(queue.subarray(0, half)), shape),
    'memory.objects2': tf.tensor(Float32Array.from(queue.subarray(half)), shape),
    'memory.valid': tf.ones(state['memory.valid'].shape),
  }
  step.assign({ ...state, ...memory })
  tf.dispose([state, memory])
}

function runStep(
  step: TrainStep,
  fixture: Fixture,
  index: number,
  { tensors }: PartOutcome,
): { losses: number[]; gradientNorms: Record<string, number> } {
  const file = `step${index}.safetensors`
  const { batch, draws } = stepInputs(step, fixture, index)
  const scalars = scheduleAt(index, step.settings.batch, step.settings.schedule)
  const memoryValid = numbersOf(step, 'memory.valid')
  const result = step.runFor(trainedWeights(step), batch, draws, scalars, (results) => {
    addDecisions(tensors, file, results, memoryValid, step)
    addGradients(tensors, fixture, file, results, step)
    return { losses: lossesOf(results, scalars), gradientNorms: gradientNorms(results) }
  })
  addWeights(step, fixture, file, /^student\.(.+)$/, 'student.', { tensors, others: [] })
  addWeights(step, fixture, file, /^teacher\.(.+)$/, 'teacher.', { tensors, others: [] })
  tensors.set(keyOf(file, 'center'), { values: numbersOf(step, 'centre.image') })
  tensors.set(keyOf(file, 'center_c'), { values: numbersOf(step, 'centre.object') })
  return result
}

function trainedWeights(step: TrainStep): string[] {
  const state = step.read()
  tf.dispose(state)
  return Object.keys(withoutPrefix(state, 'moment1.'))
}

/** The views are stored at half the size: every pixel is repeated 2 x 2. */
function stepInputs(step: TrainStep, fixture: Fixture, index: number): { batch: TrainingBatch; draws: StepDraws } {
  const side = step.settings.imageSize
  const picked = tf.tidy(() => {
    const order = fixture.tensor(INPUTS, 'order').gather([index]).flatten()
    const small = fixture.tensor(INPUTS, 'views').gather(order, 1).transpose([0, 1, 3, 4, 2])
    const [views, B, height, width] = small.shape as [number, number, number, number]
    const pixels = small.reshape([views * B, height, 1, width, 1, 3]).tile([1, 1, side / height, 1, side / width, 1])
    return {
      pixels: Uint8Array.from(pixels.dataSync()),
      positions: Float32Array.from(fixture.tensor(INPUTS, 'positions').gather(order, 1).dataSync()),
      imageIds: Int32Array.from(order.dataSync()),
      seeds: Int32Array.from(fixture.tensor(INPUTS, 'init').gather([index]).dataSync()),
    }
  })
  const { seeds, ...batch } = picked
  return { batch, draws: { seeds, keep: new Float32Array() } }
}

function numbersOf(step: TrainStep, name: string): Float32Array {
  const state = step.read()
  const values = Float32Array.from(state[name].dataSync())
  tf.dispose(state)
  return values
}

function addDecisions(
  tensors: Map<string, Computed>,
  file: string,
  results: Record<string, Tensor>,
  memoryValid: ArrayLike<number>,
  { settings, architecture }: TrainStep,
): void {
  const set = (name: string, values: ArrayLike<number>): void => {
    tensors.set(keyOf(file, name), { values })
  }
  const valid = results.valid.dataSync()
  const rows = livePlaces(valid)
  const ids = results.assignment.argMax(2)
  set('ids', ids.dataSync())
  ids.dispose()
  set('counts', countsOf(valid, settings.clustering.clusters))
  const objects = results.objects.dataSync()
  const half = objects.length / 2
  set('c_1', fromPlaces(objects.subarray(0, half), rows, architecture.width))
  set('c_2', fromPlaces(objects.subarray(half), rows, architecture.width))
  const position = new Map(livePlaces(memoryValid).map((place, row) => [place, row]))
  for (const [name, result] of Object.entries({ j: 'neighbours1', j2: 'neighbours2' })) {
    const places = results[result].dataSync()
    set(
      name,
      rows.map((row) => position.get(places[row]) ?? -1),
    )
  }
  for (const [name, result] of Object.entries({ mask1: 'consistent1', mask2: 'consistent2' })) {
    const flags = results[result].dataSync()
    set(
      name,
      rows.map((row) => flags[row]),
    )
  }
}

function addGradients(
  tensors: Map<string, Computed>,
  fixture: Fixture,
  file: string,
  results: Record<string, Tensor>,
  step: TrainStep,
): void {
  for (const { name, values } of wanted(fixture, file, /^grad\.(.+)$/, (weight) => results[`gradient.${weight}`]))
    tensors.set(keyOf(file, name), { values, ...withoutKeyBias(name, step) })
}

function addWeights(
  step: TrainStep,
  fixture: Fixture,
  file: string,
  pattern: RegExp,
  prefix: string,
  { tensors }: PartOutcome,
): void {
  const state = step.read()
  for (const { name, values } of wanted(fixture, file, pattern, (weight) => state[prefix + weight]))
    tensors.set(keyOf(file, name), { values, ...withoutKeyBias(name, step) })
  tf.dispose(state)
}

/** The expected tensors of the file whose names match, with ours for the weight in the first group, in PyTorch's layout. */
function wanted(
  fixture: Fixture,
  file: string,
  pattern: RegExp,
  ours: (weight: string) => Tensor,
): { name: string; values: ArrayLike<number> }[] {
  const matching = fixture.expected().filter((expected) => expected.file === file && pattern.test(expected.name))
  return matching.map(({ name }) => {
    const weight = pattern.exec(name)?.[1] ?? ''
    const tensor = toPytorch(weight, ours(weight))
    const values = tensor.dataSync()
    tensor.dispose()
    return { name, values }
  })
}

/** The bias of the keys has a gradient of 0 in theory: what is there is rounding, which Adam makes steps of. */
function withoutKeyBias(name: string, { architecture: { width } }: TrainStep): Partial<Computed> {
  if (!name.endsWith('attn.qkv.bias')) return {}
  return { counts: (index) => index < width || index >= 2 * width, note: 'without the bias of the keys' }
}

function lossesOf(results: Record<string, Tensor>, { crossImage }: StepScalars): number[] {
  const losses = Array.from(results.losses.dataSync())
  return crossImage ? losses : [losses[0], losses[1], 0]
}

function gradientNorms(results: Record<string, Tensor>): Record<string, number> {
  const gradients = Object.entries(results).filter(([name]) => name.startsWith('gradient.'))
  return Object.fromEntries(gradients.map(([name, gradient]) => [name.slice('gradient.'.length), normOf(gradient)]))
}

function compareLosses(computed: number[][], { steps }: Manifest): Comparison {
  const exact = steps.flatMap(({ losses_f64 }) => losses_f64)
  const single = steps.flatMap(({ losses }) => losses)
  const floor = Math.max(...exact.map((loss, i) => Math.abs(loss - single[i])))
  return compare(computed.flat(), exact, allowedFor(floor))
}

/** Relative errors. */
function compareNorms(computed: Record<string, number>[], { steps }: Manifest): Comparison {
  const ratios = steps.map(({ grad_norms, grad_norms_f64 }, index) =>
    Object.entries(grad_norms_f64).map(([name, norm]) => ({
      ours: computed[index][name] / norm,
      floor: Math.abs(grad_norms[name] / norm - 1),
    })),
  )
  const floor = Math.max(...ratios.flat().map((ratio) => ratio.floor))
  const ours = ratios.flat().map((ratio) => ratio.ours)
  return compare(ours, Array<number>(ours.length).fill(1), allowedFor(floor))
}

function allowedFor(floor: number): { kind: 'absolute'; maximum: number; rms: number } {
  return { kind: 'absolute', maximum: ALLOWED_FLOORS * floor, rms: ALLOWED_FLOORS * floor }
}
