import { backboneShapes, type VitArchitecture } from '../src-main/cribo/architecture.ts'
import { writeSafetensors } from '../src-main/tensorflow/safetensors.ts'
import type { StoredTensor } from '../src-main/tensorflow/tensor-file.ts'

/** A real ViT, of random weights and so small that tests of everything around it are quick. */
const architecture: VitArchitecture = {
  name: 'small',
  width: 64,
  depth: 3,
  heads: 1,
  hidden: 256,
  patch: 16,
  grid: 14,
  epsilon: 1e-6,
}

export function writeSmallNetwork(
  file: string,
  { seed = 1, leaveOut, depth, heads }: { seed?: number; leaveOut?: string; depth?: number; heads?: number } = {},
): string {
  const random = normalNumbers(seed)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, shape] of backboneShapes({ ...architecture, ...(depth !== undefined && { depth }) })) {
    if (name === leaveOut) continue
    const length = shape.reduce((product, side) => product * side, 1)
    const isNorm = /norm\d?\.weight$/.test(name)
    const data = Float32Array.from({ length }, () => (isNorm ? 1 : 0.05 * random()))
    tensors.set(name, { dtype: 'F32', shape, data })
  }
  writeSafetensors(file, { tensors, metadata: heads === undefined ? {} : { num_heads: String(heads) } })
  return file
}

/** Sums of twelve uniform numbers from a linear congruential generator: near enough to normal. */
function normalNumbers(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6)
}
