import { expect, test } from 'vitest'
import { describeVariables, recordTogether } from '../tensorflow/capture.ts'
import { dataTypes } from '../tensorflow/data-types.ts'
import { tf, type Tensor } from '../tensorflow/index.ts'
import type { GraphNode } from '../tensorflow/saved-model-schema.ts'
import { writeGraph } from '../tensorflow/write-graph.ts'
import { initialState } from './initial-state.ts'
import { smallBatch, smallDraws, smallNetworks, smallScalars, smallSettings } from './networks-for-tests.ts'
import { stepParts, sumsFor } from './step-parts.ts'
import { TrainStep } from './train-step.ts'

const settings = smallSettings()
const { bfloat16, float32 } = dataTypes

/** The graph of a training's step as it is handed to TensorFlow, matrix products in bfloat16. */
function graphInBfloat16(): GraphNode[] {
  const networks = smallNetworks()
  const state = initialState(networks, settings, 0)
  const tensors = { ...state, ...sumsFor(state, settings) }
  const variables = Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.variable(tensor)]))
  tf.dispose(tensors)
  const parts = Object.entries(stepParts(networks.architecture, settings)).map(([name, { fn, inputs }]) => {
    return [name, { inputs, fn: (given: Record<string, Tensor>) => fn(given, variables) }] as const
  })
  const programs = recordTogether(Object.fromEntries(parts), variables)
  const { nodes } = writeGraph(programs, describeVariables(variables), 'bfloat16')
  tf.dispose(variables)
  return nodes
}

/** The types among the attributes of a node. */
function typesOf({ attr }: GraphNode): number[] {
  return Object.values(attr).flatMap((value) => ('type' in value ? [value.type] : []))
}

function typeOf(node: GraphNode, attribute: string): number | null {
  const value = node.attr[attribute] as GraphNode['attr'][string] | undefined
  return value && 'type' in value ? value.type : null
}

test('bfloat16 is for the networks’ matrix products alone: sums, norms, softmax, losses and weights are float32', () => {
  const nodes = graphInBfloat16()
  const consumers = (name: string) => nodes.filter(({ input }) => input.includes(name))
  const reduced = nodes.filter((node) => node.op === 'BatchMatMulV2' && typeOf(node, 'T') === bfloat16)
  const casts = nodes.filter((node) => node.op === 'Cast' && typesOf(node).includes(bfloat16))
  const rounding = casts.filter((node) => typeOf(node, 'DstT') === bfloat16)
  expect(nodes.filter((node) => typesOf(node).includes(bfloat16))).toHaveLength(reduced.length + casts.length)

  // The patches, and in each of 3 blocks qkv, queries by keys, values, projection and the MLP's two layers.
  const ofBackbone = 1 + 3 * 6
  // The head's MLP on [CLS] tokens and objects; the teacher's also on neighbours.
  const forward = { teacher: ofBackbone + 3 * 3, student: ofBackbone + 2 * 3 }
  const backward = 2 * forward.student - 1 // pixels get no gradient
  expect(reduced).toHaveLength(forward.teacher + forward.student + backward)
  // Last layers (student 2, twice 2 backward, teacher 3), the clustering, the neighbours, means.
  const whole = nodes.filter((node) => node.op === 'BatchMatMulV2' && typeOf(node, 'T') === float32)
  expect(whole.length).toBeGreaterThan(9)

  for (const node of rounding) expect(consumers(node.name).every((consumer) => reduced.includes(consumer))).toBe(true)
  for (const node of reduced) {
    expect(node.input.every((name) => rounding.some((cast) => cast.name === name))).toBe(true)
    expect(consumers(node.name).map((consumer) => [consumer.op, typeOf(consumer, 'DstT')])).toEqual([['Cast', float32]])
  }
  for (const node of nodes.filter(({ op }) => op === 'VarHandleOp')) expect(typeOf(node, 'dtype')).toBe(float32)
  // A weight is rounded once, for the way there and back.
  const roundedWeights = rounding.filter(({ input: [name] }) => /^variable_\d+_value$/.test(name))
  expect(new Set(roundedWeights.map(({ input: [name] }) => name)).size).toBe(roundedWeights.length)
})

test('in bfloat16 a step comes close to float32, and not the same', () => {
  const lossOf = (products: 'float32' | 'bfloat16'): number => {
    using step = new TrainStep(smallNetworks(), settings, { products })
    step.run(smallBatch(3, 0), smallDraws(3, 0), smallScalars)
    return step.run(smallBatch(3, 1), smallDraws(3, 1), smallScalars).loss
  }
  const [exact, rounded] = [lossOf('float32'), lossOf('bfloat16')]
  expect(rounded).not.toBe(exact)
  expect(Math.abs(rounded / exact - 1)).toBeLessThan(0.02)
})
