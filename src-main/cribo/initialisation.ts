import { backboneShapes, PATCH_LENGTH, type VitArchitecture } from './architecture.ts'
import { toWeights, type PytorchTensor } from './layout.ts'
import { IMAGENET } from './patches.ts'
import { seeded, type Random } from './random.ts'
import { fingerprintOf, type VitModel } from './weights.ts'

const STANDARD_DEVIATION = 0.02
/** PyTorch cuts its truncated normal at -2 and 2, whatever the standard deviation. */
const CUT = 2

function truncatedNormal(random: Random): number {
  for (;;) {
    const value = STANDARD_DEVIATION * random.normal()
    if (Math.abs(value) <= CUT) return value
  }
}

/** How the values of one tensor of the backbone start. */
function initialValue(name: string, dimensions: number): (random: Random) => number {
  if (name.startsWith('patch_embed.')) {
    const bound = 1 / Math.sqrt(PATCH_LENGTH) // a convolution's default in PyTorch, for weight and bias
    return (random) => (2 * random.uniform() - 1) * bound
  }
  if (dimensions > 1) return truncatedNormal
  return name.endsWith('.weight') ? () => 1 : () => 0 // LayerNorm's gain; all biases
}

/** A ViT as it is before any training; the seed decides every weight. */
export function randomVit(architecture: VitArchitecture, seed: number): VitModel {
  const random = seeded(seed)
  const tensors = new Map<string, PytorchTensor>()
  for (const [name, shape] of backboneShapes(architecture)) {
    const draw = initialValue(name, shape.length)
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    for (let i = 0; i < values.length; i++) values[i] = draw(random)
    tensors.set(name, { shape, values })
  }
  return {
    architecture,
    normalisation: IMAGENET,
    weights: toWeights(tensors),
    fingerprint: fingerprintOf(architecture, IMAGENET, tensors),
  }
}
