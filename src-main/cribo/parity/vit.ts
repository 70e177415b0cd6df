import { join } from 'node:path'
import { tf, type Tensor, type Tensor2D, type Tensor3D } from '../../tensorflow/index.ts'
import { PATCH_LENGTH } from '../architecture.ts'
import { head, headMlp } from '../head.ts'
import type { Weights } from '../layout.ts'
import { IMAGENET, normalisedBytes } from '../patches.ts'
import { resizePositions } from '../position-embedding.ts'
import { blocks, embed, finalNorm, selfAttention } from '../vit.ts'
import { readHead, readVit } from '../weights.ts'
import { compare } from './compare.ts'
import { addDropPath, DROP_PATH } from './drop-path.ts'
import { type ExecutionMode, prepare, runOnce } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { type Computed, keyOf, leadingBlock, type PartOutcome } from './part.ts'
import {
  addLeadingBlock,
  expectedLike,
  IMAGES,
  patchesOf,
  ramp,
  readImages,
  resizeMatrixFor,
  vitManifestSchema,
  type VitSubject,
} from './vit-subject.ts'

const WEIGHTS = 'weights.safetensors'
const OUTPUTS = 'outputs.safetensors'
const HEAD = 'head.safetensors'

/** Runs every check of a ViT fixture: the network at every size, position embeddings, the heads, stochastic depth. */
export function vitPart(fixture: Fixture, mode: ExecutionMode): PartOutcome {
  const { config } = vitManifestSchema.parse(fixture.manifest)
  const file = join(fixture.folder, WEIGHTS)
  const { architecture, weights: backbone } = readVit(file, { heads: config.heads })
  const subject = { fixture, mode, architecture, backbone, head: readHead(file) }
  const outcome: PartOutcome = { tensors: new Map(), others: checkImageRecipe(fixture) }
  try {
    addNetwork(outcome.tensors, subject)
    addPositions(outcome.tensors, subject)
    if (fixture.files.includes(HEAD)) addHeads(outcome.tensors, subject)
    if (fixture.files.includes(DROP_PATH)) addDropPath(outcome, subject)
    return outcome
  } finally {
    tf.dispose([subject.backbone, subject.head])
  }
}

/** The network at every size with images, by one function for all sizes. */
function addNetwork(tensors: Map<string, Computed>, subject: VitSubject): void {
  const { fixture, mode, architecture } = subject
  const dimensions = { patches: ['batch', 'patches', PATCH_LENGTH], resize: ['patches', architecture.grid ** 2] }
  const variables = { ...subject.backbone, ...prefixed('head.', subject.head) }
  using network = prepare(mode, (inputs) => everyStage(inputs, subject), dimensions, {}, variables)
  const ofOutputs = expectedLike(fixture, /^(.+)_(\d+x\d+)$/).filter(({ expected }) => expected.file === OUTPUTS)
  for (const size of new Set(ofOutputs.map(({ groups }) => groups[1]))) {
    const { pixels, batch } = readImages(fixture, size)
    const inputs = { patches: patchesOf(pixels, batch, size), resize: resizeMatrixFor(size, architecture) }
    const stages = network.run(inputs)
    for (const { expected, groups } of ofOutputs) {
      const stage = stageOf(groups[0])
      if (groups[1] === size && stage in stages) addLeadingBlock(tensors, expected, stages[stage])
    }
    tf.dispose([inputs, stages])
  }
}

function prefixed(prefix: string, weights: Weights): Weights {
  return Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [prefix + name, tensor]))
}

/** attn_q24 are the first 24 queries of the attention. */
function stageOf(name: string): string {
  return /^attn_q\d+$/.test(name) ? 'attn' : name
}

/** What the network computes on its way, under the names of the manifests. */
function everyStage(inputs: Record<string, Tensor>, subject: VitSubject): Record<string, Tensor> {
  const { architecture, backbone } = subject
  const positions = resizePositions(backbone.pos_embed as Tensor3D, inputs.resize as Tensor2D)
  const embedded = embed(inputs.patches as Tensor3D, positions, backbone)
  const streams = [...blocks(embedded, backbone, architecture)]
  const last = architecture.depth - 1
  const attn = selfAttention(streams[last - 1] ?? embedded, backbone, last, architecture)
  const tokens = finalNorm(streams[last], backbone, architecture)
  const cls = tokens.slice([0, 0, 0], [-1, 1, -1]).squeeze<Tensor2D>([1])
  return {
    embed: embedded,
    ...Object.fromEntries(streams.map((stream, block) => [`block${block}`, stream])),
    attn,
    attn_cls: attn.slice([0, 0, 0, 0], [-1, -1, 1, -1]).squeeze([2]),
    tokens,
    cls,
    head: head(cls, subject.head, 'last_layer'),
  }
}

/** Position embeddings at every size, and their gradient: pos_HxW, pos16_HxW (16 channels), grad16_HxW. */
function addPositions(tensors: Map<string, Computed>, subject: VitSubject): void {
  const { fixture, mode, architecture, backbone } = subject
  const learned = backbone.pos_embed as Tensor3D
  const variables = { pos_embed: learned }
  using positions = prepare(
    mode,
    ({ resize }) => ({ positions: resizePositions(learned, resize as Tensor2D) }),
    { resize: ['patches', architecture.grid ** 2] },
    {},
    variables,
  )
  for (const { expected, groups } of expectedLike(fixture, /^pos\d*_(\d+x\d+)$/)) {
    const resize = resizeMatrixFor(groups[0], architecture)
    const outputs = positions.run({ resize })
    addLeadingBlock(tensors, expected, outputs.positions)
    tf.dispose([resize, outputs])
  }
  for (const { expected, groups } of expectedLike(fixture, /^grad\d*_(\d+x\d+)$/)) {
    const resize = resizeMatrixFor(groups[0], architecture)
    const inputs = { resize, ramp: ramp([1, 1 + resize.shape[0], architecture.width]) }
    const outputs = runOnce(mode, (given) => positionGradient(learned, given), inputs, variables)
    addLeadingBlock(tensors, expected, outputs.gradient)
    tf.dispose(outputs)
  }
}

function positionGradient(learned: Tensor3D, { resize, ramp }: Record<string, Tensor>): Record<string, Tensor> {
  const loss = (positions: Tensor) =>
    resizePositions(positions as Tensor3D, resize as Tensor2D)
      .mul(ramp)
      .sum()
  return { gradient: tf.grad(loss)(learned) }
}

function addHeads(tensors: Map<string, Computed>, subject: VitSubject): void {
  const { fixture, mode, head: weights } = subject
  const bothHeads = ({ x }: Record<string, Tensor>) => ({
    mlp: headMlp(x as Tensor2D, weights),
    last_layer: head(x as Tensor2D, weights, 'last_layer'),
    last_layer_c: head(x as Tensor2D, weights, 'last_layer_c'),
  })
  const outputs = runOnce(mode, bothHeads, { x: fixture.tensor(HEAD, 'x') }, weights)
  for (const [name, tensor] of Object.entries(outputs)) tensors.set(keyOf(HEAD, name), { values: tensor.dataSync() })
  tf.dispose(outputs)
}

/** images_HxW_f32_corner is the network's input for the first image's corner, exactly. */
function checkImageRecipe(fixture: Fixture): PartOutcome['others'] {
  const table = normalisedBytes(IMAGENET)
  return fixture
    .names(IMAGES)
    .filter((name) => name.endsWith('_f32_corner'))
    .map((name) => {
      const corner = fixture.tensor(IMAGES, name)
      const images = fixture.tensor(IMAGES, name.replace(/_f32_corner$/, ''))
      const bytes = leadingBlock(images, corner.shape)
      const plane = corner.size / 3
      const computed = Array.from(bytes.dataSync(), (byte, i) => table[Math.floor(i / plane) * 256 + byte])
      const comparison = compare(computed, corner.dataSync(), { kind: 'exact' })
      tf.dispose([corner, images, bytes])
      return { name: `inputs/${name}`, comparison }
    })
}
