import { CribsheetError } from '../contract/index.ts'
import { tf } from '../tensorflow/index.ts'
import { headShapes, type HeadArchitecture, type VitArchitecture } from './architecture.ts'
import { randomVit } from './initialisation.ts'
import { toWeights, type PytorchTensor, type Weights } from './layout.ts'
import { seeded } from './random.ts'
import { readHead, readVit, type VitModel } from './weights.ts'
import type { InitialNetworks } from './training.ts'
import { joinNetwork } from './training-weights.ts'

export type Start = { file: string } | { random: { architecture: VitArchitecture; seed: number } }

export interface StartingNetworks {
  networks: InitialNetworks
  /** The projection heads came with the weights; else they are random, and know nothing of the backbone. */
  hasHeads: boolean
}

/** What a head without weights is to be like: the defaults, and what was asked for and so must be in a head with weights too. */
export interface WantedHeads {
  defaults: Omit<HeadArchitecture, 'width'>
  /** Null: as many as there are. */
  prototypes: number | null
}

/**
 * Student and teacher, alike, from a file's backbone and projection heads (the teacher's, where it holds both), or from nothing.
 *
 * @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model; weights-wrong-shape where the heads do not fit the backbone, or have
 *   another number of prototypes than is wanted
 */
export function startingNetworks(start: Start, heads: WantedHeads, seed: number): StartingNetworks {
  const { architecture, normalisation, weights } = readBackbone(start)
  const { width } = architecture
  const known = 'file' in start ? readHeads(start.file, width, heads.prototypes) : null
  const head = known ?? randomHead({ ...heads.defaults, width }, seed)
  const network = joinNetwork(weights, head)
  return { networks: { architecture, normalisation, student: network, teacher: network }, hasHeads: known !== null }
}

function readBackbone(start: Start): VitModel {
  return 'file' in start ? readVit(start.file) : randomVit(start.random.architecture, start.random.seed)
}

function readHeads(file: string, width: number, prototypes: number | null): Weights | null {
  try {
    return readHead(file, { width, ...(prototypes !== null && { prototypes, objectPrototypes: prototypes }) })
  } catch (error) {
    if (error instanceof CribsheetError && error.code === 'weights-not-a-model') return null // a backbone alone
    throw error
  }
}

const STANDARD_DEVIATION = 0.02

/** As the authors' heads start: normal weights, biases of zero; prototypes uniform within +-1 / sqrt(inputs), of length 1. */
export function randomHead(head: HeadArchitecture, seed: number): Weights {
  const random = seeded(seed)
  const bound = 1 / Math.sqrt(head.bottleneck)
  const tensors = new Map<string, PytorchTensor>()
  for (const [name, shape] of headShapes(head)) {
    const values = new Float32Array(tf.util.sizeFromShape(shape))
    for (let i = 0; i < values.length; i++) values[i] = initialValue(name, bound, random)
    tensors.set(name, { shape, values })
  }
  return toWeights(tensors)
}

function initialValue(name: string, bound: number, random: ReturnType<typeof seeded>): number {
  if (name.endsWith('.bias')) return 0
  if (name.endsWith('weight_g')) return 1
  if (name.endsWith('weight_v')) return (2 * random.uniform() - 1) * bound
  return STANDARD_DEVIATION * random.normal()
}
