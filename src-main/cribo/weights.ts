import { createHash } from 'node:crypto'
import {
  architectureName,
  backboneShapes,
  headShapes,
  PATCH,
  type HeadArchitecture,
  type VitArchitecture,
} from './architecture.ts'
import { type PytorchTensor, toWeights, type Weights } from './layout.ts'
import { readMetadata } from './metadata.ts'
import type { Normalisation } from './patches.ts'
import { StoredNetwork } from './stored-network.ts'

/** A backbone: everything that decides which tokens an image gets. */
export interface VitModel {
  architecture: VitArchitecture
  normalisation: Normalisation
  weights: Weights
  /** SHA-256 of the above, hexadecimal: the same for one model in files with other names, types or prefixes. */
  fingerprint: string
}

export interface ReadVitOptions {
  /** For a file that does not say how many heads there are. Default: width / 64. */
  heads?: number | undefined
}

/** Of both student and teacher the teacher is what is used after training. */
const owners = ['teacher.', 'teacher.module.', '', 'student.module.', 'student.']

/**
 * Reads a ViT from a tensor file with the names of timm, DINO or CrIBo. Depth and sizes are read off the shapes; heads, epsilon and
 * normalisation are the metadata's (`num_heads`, `layer_norm_eps`, `mean`, `std`), else width / 64, 1e-6 and ImageNet's.
 *
 * @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape
 */
export function readVit(file: string, { heads }: ReadVitOptions = {}): VitModel {
  const network = new StoredNetwork(file, {
    kind: 'vision transformer',
    landmark: 'patch_embed.proj.weight',
    preferredPrefixes: owners.flatMap((owner) => [`${owner}backbone.`, owner]),
    only: (name) => !isOfHead(name),
  })
  refuseOtherKinds(network)
  const { normalisation, ...metadata } = readMetadata(network, widthOf(network), heads)
  const architecture = { ...sizesOf(network), ...metadata }
  const tensors = readTensors(network, backboneShapes(architecture))
  return {
    architecture,
    normalisation,
    weights: toWeights(tensors),
    fingerprint: fingerprintOf(architecture, normalisation, tensors),
  }
}

/**
 * Reads CrIBo's projection head from a checkpoint; its widths are the shapes'.
 *
 * @param expected widths that it must have: a head of another width or with another number of prototypes is then refused.
 * @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape
 */
export function readHead(file: string, expected: Partial<HeadArchitecture> = {}): Weights {
  const network = new StoredNetwork(file, {
    kind: 'projection head of CrIBo',
    landmark: 'mlp.0.weight',
    preferredPrefixes: owners.map((owner) => `${owner}head.`),
    only: isOfHead,
  })
  const [hidden, width] = network.shape('mlp.0.weight', [expected.hidden ?? null, expected.width ?? null])
  const [bottleneck] = network.shape('mlp.4.weight', [expected.bottleneck ?? null, hidden])
  const [prototypes] = network.shape('last_layer.weight_v', [expected.prototypes ?? null, bottleneck])
  const [objectPrototypes] = network.shape('last_layer_c.weight_v', [expected.objectPrototypes ?? null, bottleneck])
  return toWeights(readTensors(network, headShapes({ width, hidden, bottleneck, prototypes, objectPrototypes })))
}

function isOfHead(name: string): boolean {
  return name.startsWith('head.') || name.includes('.head.')
}

function widthOf(network: StoredNetwork): number {
  return network.shape('patch_embed.proj.weight', [null, 3, PATCH, PATCH])[0]
}

function sizesOf(network: StoredNetwork): Omit<VitArchitecture, 'heads' | 'epsilon'> {
  const width = widthOf(network)
  const depth = depthOf(network)
  const [hidden] = network.shape('blocks.0.mlp.fc1.weight', [null, width])
  return { name: architectureName(width, depth), width, depth, hidden, patch: PATCH, grid: gridOf(network, width) }
}

function depthOf(network: StoredNetwork): number {
  return 1 + Math.max(...network.names.map((name) => Number(/^blocks\.(\d+)\./.exec(name)?.[1] ?? -1)))
}

function gridOf(network: StoredNetwork, width: number): number {
  const [, length] = network.shape('pos_embed', [1, null, width])
  const grid = Math.sqrt(length - 1)
  if (grid >= 1 && Number.isInteger(grid)) return grid
  throw network.wrongShape('pos_embed', `has ${length} positions, expected one for [CLS] and those of a square grid`)
}

/** A ViT with parts that this program does not compute (layer scale, registers, normalised queries) would run and be wrong. */
function refuseOtherKinds(network: StoredNetwork): void {
  const known = /^blocks\.\d+\.(norm[12]|attn\.(qkv|proj)|mlp\.fc[12])\.(weight|bias)$/
  const other = network.names.find(
    (name) => (name.startsWith('blocks.') && !known.test(name)) || /^(norm_pre|reg_token|register_tokens)/.test(name),
  )
  if (other !== undefined) throw network.otherKind(other)
}

function readTensors(network: StoredNetwork, shapes: Map<string, number[]>): Map<string, PytorchTensor> {
  network.require(shapes)
  return new Map([...shapes].map(([name, shape]) => [name, network.tensor(name, shape)]))
}

/** Over what decides an image's tokens and nothing else; tensors in the architecture's order and PyTorch's layout. */
export function fingerprintOf(
  architecture: VitArchitecture,
  normalisation: Normalisation,
  tensors: Map<string, PytorchTensor>,
): string {
  const { width, depth, heads, hidden, patch, grid, epsilon } = architecture
  const { mean, std } = normalisation
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ width, depth, heads, hidden, patch, grid, epsilon, mean, std }))
  for (const [name, { values }] of tensors) {
    hash.update(name)
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
