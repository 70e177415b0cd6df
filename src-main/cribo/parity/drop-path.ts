import { z } from 'zod'
import { tf, type Tensor, type Tensor2D, type Tensor3D } from '../../tensorflow/index.ts'
import { toPytorch } from '../layout.ts'
import { resizePositions } from '../position-embedding.ts'
import { vit } from '../vit.ts'
import { compare, type Comparison } from './compare.ts'
import { runOnce } from './execution.ts'
import type { Fixture } from './fixture.ts'
import { normOf } from './norm.ts'
import { keyOf, leadingBlock, type PartOutcome } from './part.ts'
import {
  expectedLike,
  parseSize,
  patchesOf,
  ramp,
  readImages,
  resizeMatrixFor,
  type VitSubject,
} from './vit-subject.ts'

export const DROP_PATH = 'drop_path.safetensors'

const manifestSchema = z.looseObject({
  drop_path_rate: z.number(),
  drop_path_images: z.string(),
  drop_path_grad_norms: z.record(z.string(), z.number()),
  drop_path_grad_norms_f32: z.record(z.string(), z.number()),
})
type Manifest = z.infer<typeof manifestSchema>

/** The student in training with given keep flags: tokens, the gradient of every weight, and the norms of these. */
export function addDropPath({ tensors, others }: PartOutcome, subject: VitSubject): void {
  const { fixture, mode, architecture, backbone } = subject
  const manifest = manifestSchema.parse(fixture.manifest)
  const { patches, size } = dropPathImages(fixture, manifest)
  const inputs = {
    patches,
    resize: resizeMatrixFor(size, architecture),
    keep: fixture.tensor(DROP_PATH, 'keep'),
    ramp: ramp([patches.shape[0], 1 + patches.shape[1], architecture.width]),
  }
  const outputs = runOnce(mode, (given) => studentGradients(given, subject, manifest.drop_path_rate), inputs, backbone)
  tensors.set(keyOf(DROP_PATH, 'tokens'), { values: outputs.tokens.dataSync() })
  for (const { expected, groups } of expectedLike(fixture, /^grad\.(.+)$/)) {
    const gradient = tf.tidy(() => wantedGradient(outputs, groups[0], expected.entry.shape))
    if (gradient) tensors.set(keyOf(expected.file, expected.name), { values: gradient.dataSync() })
    tf.dispose(gradient ?? [])
  }
  others.push({ name: 'drop_path/gradient norms', comparison: compareNorms(outputs, manifest) })
  tf.dispose(outputs)
}

/** "... images_224x224[0] ..., and the same image upside down". */
function dropPathImages(fixture: Fixture, manifest: Manifest): { patches: Tensor3D; size: string } {
  const groups = /images_(?<size>\d+x\d+)\[(?<index>\d+)\]/.exec(manifest.drop_path_images)?.groups
  if (!groups) throw new RangeError(`drop_path_images names no image: ${manifest.drop_path_images}`)
  const { height, width } = parseSize(groups.size)
  const length = height * width * 3
  const { pixels } = readImages(fixture, groups.size)
  const upright = pixels.subarray(Number(groups.index) * length, (Number(groups.index) + 1) * length)
  const both = new Uint8Array(2 * length)
  both.set(upright)
  for (let row = 0; row < height; row++)
    both.set(upright.subarray((height - 1 - row) * width * 3, (height - row) * width * 3), length + row * width * 3)
  return { patches: patchesOf(both, 2, groups.size), size: groups.size }
}

/** The tokens, and the gradient of sum(tokens * ramp) for each weight, under the weight's name. */
function studentGradients(
  inputs: Record<string, Tensor>,
  { architecture, backbone }: VitSubject,
  rate: number,
): Record<string, Tensor> {
  const names = Object.keys(backbone)
  const drop = { rate, keep: inputs.keep as Tensor2D }
  const student = (...tensors: Tensor[]) => {
    const weights = Object.fromEntries(names.map((name, i) => [name, tensors[i]]))
    const positions = resizePositions(weights.pos_embed as Tensor3D, inputs.resize as Tensor2D)
    return vit(inputs.patches as Tensor3D, positions, weights, architecture, drop)
  }
  const gradients = tf.grads((...tensors) =>
    student(...tensors)
      .mul(inputs.ramp)
      .sum(),
  )(Object.values(backbone))
  return {
    tokens: student(...Object.values(backbone)),
    ...Object.fromEntries(names.map((name, i) => [name, gradients[i]])),
  }
}

/** "norm.weight"; "pos_embed16", its first 16 channels; "patch_embed.proj.weight_row0", one output's weights. */
function wantedGradient(gradients: Record<string, Tensor>, wanted: string, shape: number[]): Tensor | undefined {
  if (wanted in gradients) return toPytorch(wanted, gradients[wanted]).reshape(shape)
  const { name, row } = /^(?<name>.+?)(_row(?<row>\d+)|\d+)$/.exec(wanted)?.groups ?? {}
  if (!(name in gradients)) return undefined
  const gradient = toPytorch(name, gradients[name])
  return row ? gradient.gather([Number(row)]).reshape(shape) : leadingBlock(gradient, shape)
}

/**
 * The manifest gives norms in float64 and float32. As for tensors, 20 times what float32 costs the authors' code is allowed: here
 * their largest relative difference. The errors are relative.
 */
function compareNorms(gradients: Record<string, Tensor>, manifest: Manifest): Comparison {
  const exact = manifest.drop_path_grad_norms
  const names = Object.keys(exact)
  const floor = Math.max(...names.map((name) => Math.abs(manifest.drop_path_grad_norms_f32[name] / exact[name] - 1)))
  const ratios = names.map((name) => normOf(gradients[name]) / exact[name])
  const allowed = { kind: 'absolute', maximum: 20 * floor, rms: 20 * floor } as const
  return compare(ratios, Array<number>(names.length).fill(1), allowed)
}
