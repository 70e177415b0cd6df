import type { Tensor } from '../tensorflow/index.ts'
import type { Weights } from './layout.ts'
import type { NetworkWeights } from './training.ts'
import type { TrainingSettings } from './training-settings.ts'

const BACKBONE = 'backbone.'
const HEAD = 'head.'

/** The tensors whose names start with the prefix, without it. */
export function withoutPrefix<T extends Tensor>(tensors: Record<string, T>, prefix: string): Record<string, T> {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(prefix.length), tensor]))
}

export function withPrefix<T extends Tensor>(prefix: string, tensors: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]))
}

/** Backbone and head apart, each under its own names. */
export function splitNetwork(network: NetworkWeights): { backbone: Weights; head: Weights } {
  return { backbone: withoutPrefix(network, BACKBONE), head: withoutPrefix(network, HEAD) }
}

export function joinNetwork(backbone: Weights, head: Weights): NetworkWeights {
  return { ...withPrefix(BACKBONE, backbone), ...withPrefix(HEAD, head) }
}

/** Whether the weight is of the last layers of the heads, which stand still at first. */
export function isOfLastLayer(name: string): boolean {
  return name.startsWith(`${HEAD}last_layer`)
}

/** Whether AdamW decays the weight: everything but biases and tensors of one dimension. */
export function isDecayed(name: string, { shape }: Tensor): boolean {
  return shape.length > 1 && !name.endsWith('.bias')
}

/** Whether the weight is trained at all. */
export function isTrained(name: string, { heads, optimiser }: TrainingSettings): boolean {
  if (isOfLastLayer(name)) return !(heads.normaliseLastLayer && name.endsWith('weight_g'))
  if (optimiser.frozenBlocks === 0 || !name.startsWith(BACKBONE)) return true
  const block = /^backbone\.blocks\.(\d+)\./.exec(name)
  return block ? Number(block[1]) >= optimiser.frozenBlocks : name.startsWith(`${BACKBONE}norm.`)
}
