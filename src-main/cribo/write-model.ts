import { streamSafetensors, type Tensor, tf, type TensorToWrite, type TypedArray } from '../tensorflow/index.ts'
import { backboneShapes, headShapes, type HeadArchitecture, type VitArchitecture } from './architecture.ts'
import { toPytorch, type Weights } from './layout.ts'
import type { Normalisation } from './patches.ts'

/** How a model came to be: it is told in its file, as texts. */
export interface ModelHistory {
  /** The settings it was trained with: "folder". */
  preset: string
  /** Of the images it was trained on. */
  folderHash: string
  steps: number
  /** Anything that was measured. */
  metrics: unknown
}

export interface TrainedModel {
  architecture: VitArchitecture
  normalisation: Normalisation
  backbone: Weights
  /** The head, so that training can go on from the file; null for a backbone that is only used. */
  head: Weights | null
  history: ModelHistory
}

const HEAD = 'head.'

/**
 * Writes a model as safetensors: the backbone by timm's names, the head under `head.`, both as PyTorch lays them out. readVit and readHead
 * read it, with the same fingerprint as before it was written.
 *
 * @throws CribsheetError disk-full, folder-unwritable; what was there before then stays
 */
export function writeModel(file: string, { architecture, normalisation, backbone, head, history }: TrainedModel): void {
  const tensors = new Map(tensorsOf(backbone, backboneShapes(architecture)))
  if (head) for (const [name, tensor] of tensorsOf(head, headShapes(widthsOf(head)))) tensors.set(HEAD + name, tensor)
  streamSafetensors(file, tensors, {
    format: 'pt', // as the Python library writes it: some programs insist on it
    architecture: architecture.name,
    num_heads: String(architecture.heads),
    layer_norm_eps: String(architecture.epsilon),
    mean: JSON.stringify(normalisation.mean),
    std: JSON.stringify(normalisation.std),
    preset: history.preset,
    folder_hash: history.folderHash,
    steps: String(history.steps),
    metrics: JSON.stringify(history.metrics),
  })
}

function tensorsOf(weights: Weights, shapes: Map<string, number[]>): [string, TensorToWrite][] {
  return [...shapes].map(([name, shape]) => [name, { dtype: 'F32', shape, read: () => valuesOf(name, weights[name]) }])
}

function valuesOf(name: string, tensor: Tensor): TypedArray {
  const asPytorch = toPytorch(name, tensor)
  const values = asPytorch.dataSync()
  tf.dispose(asPytorch)
  return values
}

/** Of a head in this program's layout, (in, out). */
function widthsOf(head: Weights): HeadArchitecture {
  const [width, hidden] = head['mlp.0.weight'].shape
  const [bottleneck, prototypes] = head['last_layer.weight_v'].shape
  const [, objectPrototypes] = head['last_layer_c.weight_v'].shape
  return { width, hidden, bottleneck, prototypes, objectPrototypes }
}
