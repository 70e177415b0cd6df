import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tf, type Tensor, type Tensor3D } from '../tensorflow/index.ts'
import { FrozenVit } from './frozen-vit.ts'
import { randomVit } from './initialisation.ts'
import { toPatches } from './patches.ts'
import { resizeMatrix, resizePositions } from './position-embedding.ts'
import { blocks, embed, finalNorm } from './vit.ts'

const architecture = {
  name: 'small',
  width: 64,
  depth: 3,
  heads: 2,
  hidden: 128,
  patch: 16,
  grid: 4,
  epsilon: 1e-6,
}

function picture(batch: number, height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: batch * height * width * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24)
}

/** The largest difference of two tensors of one shape. */
function difference(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape)
  return a.sub(b).abs().max().dataSync()[0]
}

describe('FrozenVit', () => {
  let vit: FrozenVit
  beforeAll(() => (vit = FrozenVit.random(architecture, 5)))
  afterAll(() => vit.dispose())

  test.each([
    [1, 16, 16],
    [1, 64, 64],
    [3, 64, 64],
    [2, 96, 32],
    [1, 48, 208],
  ])('one graph gives what the network gives op by op: %i images of %i x %i', (batch, height, width) => {
    const shape = { batch, height, width }
    const pixels = picture(batch, height, width)
    const [first, last] = vit.tokens(pixels, shape, [1, 3])

    const { weights, normalisation } = randomVit(architecture, 5)
    const patches: Tensor3D = tf.tensor3d(toPatches(pixels, shape, normalisation), [batch, (height * width) / 256, 768])
    const positions = resizePositions(weights.pos_embed as Tensor3D, resizeMatrix(4, height / 16, width / 16))
    const streams = [...blocks(embed(patches, positions, weights), weights, architecture)]
    const withoutCls = (tokens: Tensor3D) => tokens.slice([0, 1, 0])
    expect(difference(first, withoutCls(streams[0]))).toBeLessThan(1e-5)
    expect(difference(last, withoutCls(finalNorm(streams[2], weights, architecture)))).toBeLessThan(1e-5)
  })

  test('the images of a batch do not touch each other', () => {
    const pixels = picture(2, 64, 48)
    const [both] = vit.tokens(pixels, { batch: 2, height: 64, width: 48 }, [3])
    const [second] = vit.tokens(pixels.subarray(64 * 48 * 3), { batch: 1, height: 64, width: 48 }, [3])
    expect(difference(both.slice([1, 0, 0]), second)).toBeLessThan(1e-5)
  })

  test('keeps no tensor of a call', () => {
    const shape = { batch: 1, height: 32, width: 32 }
    tf.dispose(vit.tokens(picture(1, 32, 32), shape, [2]))
    const before = tf.memory().numTensors
    tf.dispose(vit.tokens(picture(1, 32, 32), shape, [1, 2]))
    expect(tf.memory().numTensors).toBe(before)
  })

  test.each([0, 4, 1.5])('has no block %d', (depth) => {
    const shape = { batch: 1, height: 16, width: 16 }
    expect(() => vit.tokens(picture(1, 16, 16), shape, [1, depth])).toThrow(
      expect.objectContaining({ code: 'argument-invalid' }),
    )
  })
})

test('a random start is the same for the same seed, on every machine', () => {
  const fingerprint = (seed: number) => randomVit(architecture, seed).fingerprint
  expect(fingerprint(1)).toBe('c420ac51e9dcb0d1305d6c701996db14f7869d22d5383ba3f2d05e8b14774afb')
  expect(fingerprint(2)).not.toBe(fingerprint(1))
})

test('a random start has the spread that the paper gives', () => {
  const { weights } = randomVit(architecture, 3)
  const deviation = (name: string) => tf.moments(weights[name]).variance.sqrt().dataSync()[0]
  expect(deviation('blocks.1.mlp.fc1.weight')).toBeCloseTo(0.02, 3)
  expect(deviation('patch_embed.proj.weight')).toBeCloseTo(1 / Math.sqrt(3 * 768), 3)
  expect(weights['patch_embed.proj.weight'].abs().max().dataSync()[0]).toBeLessThanOrEqual(1 / Math.sqrt(768))
  expect(weights['norm.weight'].min().dataSync()[0]).toBe(1)
  expect(weights['blocks.0.attn.qkv.bias'].abs().max().dataSync()[0]).toBe(0)
})

const TINY = '../shared/weights/vit_tiny_patch16_224.safetensors'
test.skipIf(!existsSync(TINY))(`real weights (${TINY}; skipped where missing)`, () => {
  const vit = FrozenVit.load(TINY)
  expect(vit.architecture).toMatchObject({ name: 'ViT-Ti/16', width: 192, depth: 12, heads: 3, grid: 14 })
  expect(vit.normalisation).toEqual({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })
  const [tokens] = vit.tokens(picture(1, 224, 320), { batch: 1, height: 224, width: 320 }, [12])
  expect(tokens.shape).toEqual([1, 280, 192])
  expect(tokens.isFinite().all().dataSync()[0]).toBe(1)
  tf.dispose(tokens)
  vit.dispose()
})
