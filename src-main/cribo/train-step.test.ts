import { expect, test } from 'vitest'
import { tf, type Tensor } from '../tensorflow/index.ts'
import { smallBatch, smallDraws, smallNetworks, smallScalars, smallSettings } from './networks-for-tests.ts'
import { TrainStep, type TrainStepOptions } from './train-step.ts'
import type { StepMetrics, TrainingState } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'

const paper = smallSettings()

function stepOf(settings: TrainingSettings, options: TrainStepOptions = {}): TrainStep {
  return new TrainStep(smallNetworks(), settings, options)
}

function numbersOf({ losses, ...others }: StepMetrics): number[] {
  return [...Object.values(losses), ...Object.values(others)]
}

/** The largest difference of a state's tensors by name; the tensors are disposed. */
function differences(a: TrainingState, b: TrainingState): Map<string, number> {
  expect(Object.keys(a)).toEqual(Object.keys(b))
  const largest = (name: string): number => tf.tidy(() => a[name].sub(b[name]).abs().max().dataSync()[0])
  const result = new Map(Object.keys(a).map((name) => [name, largest(name)]))
  tf.dispose([a, b])
  return result
}

/** A key's bias has a gradient of 0 in theory: Adam makes steps of its rounding. */
const isNoise = (name: string): boolean => /^(student|teacher|moment\d)\..*attn\.qkv\.bias$/.test(name)

const variants: Record<string, TrainingSettings> = {
  "the paper's": paper,
  "the authors' cross-image loss, no stochastic depth": {
    ...paper,
    dropPath: 0,
    losses: { ...paper.losses, crossImageCount: 'first direction' },
  },
  'clipped gradients, normalised last layers': {
    ...paper,
    heads: { ...paper.heads, normaliseLastLayer: true },
    optimiser: { ...paper.optimiser, clipGradient: 0.05 },
  },
  'frozen blocks, a pull toward the start, object losses only, an empty memory': {
    ...paper,
    memory: { images: 5, start: 'empty', maskOwnImage: true },
    losses: { ...paper.losses, image: 0 },
    optimiser: { ...paper.optimiser, frozenBlocks: 1, pullTowardStart: 0.5 },
  },
}

test.each(Object.entries(variants))('captured it trains as op by op, batches of several sizes: %s', (_, settings) => {
  using captured = stepOf(settings)
  using opByOp = stepOf(settings, { mode: 'op by op' })
  for (const [index, B] of [3, 1, 5, 2].entries()) {
    const draws = smallDraws(B, index)
    const given = settings.dropPath === 0 ? { ...draws, keep: new Float32Array() } : draws
    const scalars = { ...smallScalars, lastLayersFrozen: index === 0, crossImage: index > 0 }
    const [ours, expected] = [captured, opByOp].map((step) => numbersOf(step.run(smallBatch(B, index), given, scalars)))
    ours.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-4 * Math.max(1, expected[i])))
  }
  for (const [name, difference] of differences(captured.read(), opByOp.read()))
    if (!isNoise(name)) expect(difference, name).toBeLessThan(2e-4)
})

test('a batch of one image without a valid object trains the image level and gives no NaN', () => {
  using step = stepOf(paper)
  const batch = smallBatch(1, 0)
  // The views show nothing in common and look different: no cluster has tokens in both.
  batch.pixels.fill(0, 0, batch.pixels.length / 2).fill(255, batch.pixels.length / 2)
  batch.positions.fill(1e4, batch.positions.length / 2)
  const metrics = step.run(batch, smallDraws(1, 0), smallScalars)
  expect(metrics).toMatchObject({ objects: 0, consistent: 0, losses: { object: 0, crossImage: 0 } })
  expect(metrics.losses.image).toBeGreaterThan(0)
  expect(numbersOf(metrics).every(Number.isFinite)).toBe(true)
  const state = step.read()
  for (const [name, tensor] of Object.entries(state))
    expect(
      tf.tidy(() => tensor.isFinite().all().dataSync()[0]),
      name,
    ).toBe(1)
  tf.dispose(state)
})

test('frozen last layers keep weights, moments and their count of steps', () => {
  using step = stepOf(paper)
  const before = step.read()
  step.run(smallBatch(3, 0), smallDraws(3, 0), { ...smallScalars, lastLayersFrozen: true })
  const after = step.read()
  expect([...after.counters.dataSync()]).toEqual([1, 0])
  const moved = differences(before, after)
  for (const [name, difference] of moved)
    if (/^(student|moment\d)\.head\.last_layer/.test(name)) expect(difference, name).toBe(0)
  expect(moved.get('student.head.mlp.0.weight')).toBeGreaterThan(0)
})

test('frozen blocks stay, and pulled weights end nearer to their start', () => {
  const settings = { ...paper, optimiser: { ...paper.optimiser, frozenBlocks: 2 } }
  const distance = (pullTowardStart: number): number => {
    using step = stepOf({ ...settings, optimiser: { ...settings.optimiser, pullTowardStart } })
    const start = step.read()
    for (let i = 0; i < 4; i++) step.run(smallBatch(3, i), smallDraws(3, i), { ...smallScalars, weightDecay: 0 })
    const moved = differences(start, step.read())
    expect(moved.get('student.backbone.blocks.1.mlp.fc1.weight')).toBe(0)
    expect(moved.get('student.backbone.pos_embed')).toBe(0)
    return moved.get('student.backbone.blocks.2.mlp.fc1.weight') ?? NaN
  }
  expect(distance(300)).toBeLessThan(0.9 * distance(0))
})

test('a state that was read and assigned goes on as the step it came from', () => {
  using first = stepOf(paper)
  first.run(smallBatch(3, 0), smallDraws(3, 0), smallScalars)
  using second = stepOf(paper)
  const state = first.read()
  second.assign(state)
  const next = [smallBatch(3, 1), smallDraws(3, 1), smallScalars] as const
  expect(second.run(...next)).toEqual(first.run(...next))
  const { counters, ...incomplete } = state
  expect(() => second.assign(incomplete)).toThrow('counters')
  expect(() => second.assign({ counters } satisfies Record<string, Tensor>)).toThrow('is missing')
  tf.dispose(state)
})

test('arrays that do not fit together are refused and change nothing', () => {
  using step = stepOf(paper)
  const { keep } = smallDraws(3, 0)
  expect(() => step.run(smallBatch(3, 0), { seeds: new Int32Array(5), keep }, smallScalars)).toThrow(
    'seeds holds 5 numbers, not 12',
  )
  const state = step.read()
  expect([...state.counters.dataSync()]).toEqual([0, 0])
  tf.dispose(state)
})

test.each(['op by op', 'captured'] as const)('in micro-batches it trains as with the whole batch, %s', (mode) => {
  using whole = stepOf(paper, { mode })
  const parts = [1, 2, 4].map((microBatch) => stepOf(paper, { mode, microBatch }))
  for (const [index, B] of [5, 4, 3].entries()) {
    const given = [smallBatch(B, index), smallDraws(B, index), smallScalars] as const
    const expected = numbersOf(whole.run(...given))
    for (const step of parts)
      numbersOf(step.run(...given)).forEach((value, i) =>
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * Math.max(1, expected[i])),
      )
  }
  for (const step of parts) {
    for (const [name, difference] of differences(whole.read(), step.read()))
      if (!isNoise(name)) expect(difference, name).toBeLessThan(1e-5)
    step.dispose()
  }
})
