import { z } from 'zod'
import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from '../../tensorflow/index.ts'
import { push, type Memory } from '../memory.ts'
import { nearestNeighbours } from '../nearest-neighbours.ts'
import { type ExecutionMode, runOnce } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { keyOf, type PartOutcome } from './part.ts'
import { countsOf, fromPlaces, livePlaces, toPlaces, validPlaces } from './places.ts'

const manifestSchema = z.looseObject({ cases: z.record(z.string(), z.looseObject({ K: z.int().positive() })) })

/** The memory's numbers: both views (M K d), which places are valid (M K), the images (M). */
interface MemoryNumbers {
  view1: ArrayLike<number>
  view2: ArrayLike<number>
  valid: ArrayLike<number>
}

/** Runs every case: search, then push, step after step. */
export function nearestNeighboursPart(fixture: Fixture, mode: ExecutionMode): PartOutcome {
  const { cases } = manifestSchema.parse(fixture.manifest)
  const outcome: PartOutcome = { tensors: new Map(), others: [] }
  for (const [name, { K }] of Object.entries(cases)) {
    const file = `${name}.safetensors`
    let memory = memoryBefore(fixture, file, K)
    for (let step = 0; fixture.has(file, `s${step}_c_1`); step++)
      memory = runStep(fixture, file, `s${step}_`, K, memory, mode, outcome)
  }
  return outcome
}

function memoryBefore(fixture: Fixture, file: string, K: number): MemoryNumbers {
  const queue = fixture.numbers(file, 'queue')
  const valid = validPlaces(fixture.numbers(file, 'queue_counts'), K)
  const d = queue.length / 2 / valid.length
  const half = queue.length / 2
  return {
    view1: toPlaces(queue.subarray(0, half), valid, d),
    view2: toPlaces(queue.subarray(half), valid, d),
    valid,
  }
}

function runStep(
  fixture: Fixture,
  file: string,
  prefix: string,
  K: number,
  memory: MemoryNumbers,
  mode: ExecutionMode,
  { tensors }: PartOutcome,
): MemoryNumbers {
  const d = memory.view1.length / memory.valid.length
  const counts = fixture.numbers(file, `${prefix}counts`)
  const valid = validPlaces(counts, K)
  const objects = ['c_1', 'c_2'].map((view) => toPlaces(fixture.numbers(file, prefix + view), valid, d))
  const M = memory.valid.length / K
  const inputs = {
    objects: tf.stack(objects.map((view) => tf.tensor3d(view, [counts.length, K, d]))),
    valid: tf.tensor2d(valid, [counts.length, K]),
    images: tf.tensor1d(Float32Array.from(counts, (_, image) => image)),
    memory1: tf.tensor3d(Float32Array.from(memory.view1), [M, K, d]),
    memory2: tf.tensor3d(Float32Array.from(memory.view2), [M, K, d]),
    memoryValid: tf.tensor2d(Float32Array.from(memory.valid), [M, K]),
    memoryImages: tf.fill([M], -1),
  }
  const outputs = runOnce(mode, searchAndPush, inputs)
  const values = Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync()]))
  tf.dispose(outputs)

  const rows = livePlaces(valid)
  const position = new Map(livePlaces(memory.valid).map((place, row) => [place, row]))
  const set = (name: string, numbers: ArrayLike<number>): void => {
    tensors.set(keyOf(file, prefix + name), { values: numbers })
  }
  for (const [index, mask, neighbours, direction] of [
    ['j', 'mask1', 'nn1', 1],
    ['j2', 'mask2', 'nn2', 2],
  ] as const) {
    const places = rows.map((row) => values[`index${direction}`][row])
    set(
      index,
      places.map((place) => position.get(place) ?? -1),
    )
    set(
      mask,
      rows.map((row) => values[`consistent${direction}`][row]),
    )
    set(neighbours, [...fromPlaces(memory.view1, places, d), ...fromPlaces(memory.view2, places, d)])
  }
  const after = { view1: values.view1, view2: values.view2, valid: values.valid }
  const live = livePlaces(after.valid)
  set('queue_after', [...fromPlaces(after.view1, live, d), ...fromPlaces(after.view2, live, d)])
  set('queue_counts_after', countsOf(after.valid, K))
  return after
}

function searchAndPush(inputs: Record<string, Tensor>): Record<string, Tensor> {
  const query = {
    objects: inputs.objects as Tensor4D,
    valid: inputs.valid as Tensor2D,
    images: inputs.images as Tensor1D,
  }
  const memory: Memory = {
    objects1: inputs.memory1 as Tensor3D,
    objects2: inputs.memory2 as Tensor3D,
    valid: inputs.memoryValid as Tensor2D,
    images: inputs.memoryImages as Tensor1D,
  }
  const [first, second] = nearestNeighbours(query, memory, false)
  const after = push(memory, query)
  return {
    index1: first.index,
    consistent1: first.consistent,
    index2: second.index,
    consistent2: second.consistent,
    view1: after.objects1,
    view2: after.objects2,
    valid: after.valid,
  }
}
