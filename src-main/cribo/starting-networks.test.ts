import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tf, type Tensor } from '../tensorflow/index.ts'
import { smallNetworks } from './networks-for-tests.ts'
import { randomHead, startingNetworks, type WantedHeads } from './starting-networks.ts'
import { splitNetwork } from './training-weights.ts'
import { writeModel } from './write-model.ts'

const heads: WantedHeads = {
  defaults: { hidden: 16, bottleneck: 8, prototypes: 24, objectPrototypes: 24 },
  prototypes: null,
}
const history = { preset: 'folder', folderHash: 'abc', steps: 1, metrics: {} }

let folder: string
let withHeads: string
const { architecture, normalisation, student } = smallNetworks()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cribsheet-start-'))
  withHeads = join(folder, 'with-heads.safetensors')
  writeModel(withHeads, { architecture, normalisation, ...splitNetwork(student), history })
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  tf.dispose(student)
})

const numbersOf = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.dataSync()]]))

test('a file’s backbone and heads are student and teacher', () => {
  const { networks, hasHeads } = startingNetworks({ file: withHeads }, heads, 0)
  expect(hasHeads).toBe(true)
  expect(networks.architecture).toMatchObject({ width: architecture.width, depth: architecture.depth })
  expect(numbersOf(networks.student)).toEqual(numbersOf(student))
  expect(networks.teacher).toEqual(networks.student)
  tf.dispose(networks.student)
})

test('heads of another number of prototypes than was asked for are refused', () => {
  expect(() => startingNetworks({ file: withHeads }, { ...heads, prototypes: 24 }, 0)).toThrow(
    expect.objectContaining({ code: 'weights-wrong-shape' }) as Error,
  )
})

test('from nothing, backbone and heads are the seed’s', () => {
  const start = (seed: number) => startingNetworks({ random: { architecture, seed } }, heads, seed)
  const [one, same, other] = [start(1), start(1), start(2)]
  expect(one.hasHeads).toBe(false)
  expect(numbersOf(same.networks.student)).toEqual(numbersOf(one.networks.student))
  for (const name of ['backbone.blocks.0.attn.qkv.weight', 'head.mlp.0.weight', 'head.last_layer_c.weight_v'])
    expect(numbersOf(other.networks.student)[name]).not.toEqual(numbersOf(one.networks.student)[name])
  expect(one.networks.student['head.last_layer.weight_v'].shape).toEqual([8, 24])
  tf.dispose([one, same, other].map(({ networks }) => networks.student))
})

test('random heads: normal weights, no biases, prototypes within their bound and of length 1', () => {
  const widths = { width: 64, hidden: 128, bottleneck: 16, prototypes: 300, objectPrototypes: 200 }
  const head = randomHead(widths, 5)
  const values = numbersOf(head)
  const weights = values['mlp.2.weight']
  const deviation = Math.sqrt(weights.reduce((sum, value) => sum + value ** 2, 0) / weights.length)
  expect(deviation / 0.02).toBeCloseTo(1, 1)
  expect(new Set(values['mlp.0.bias'])).toEqual(new Set([0]))
  expect(new Set(values['last_layer.weight_g'])).toEqual(new Set([1]))
  const largest = Math.max(...values['last_layer_c.weight_v'].map(Math.abs))
  expect(largest).toBeLessThanOrEqual(1 / 4)
  expect(largest).toBeGreaterThan(0.24)
  tf.dispose(head)
})
