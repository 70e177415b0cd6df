import { gelu, matrixProduct, tf, type Tensor2D, type Tensor3D, type Tensor4D, type Rank } from '../tensorflow/index.ts'
import type { VitArchitecture } from './architecture.ts'
import { linear, norm } from './layers.ts'
import type { Weights } from './layout.ts'

/** Stochastic depth of a student in training (arXiv 1603.09382). */
export interface DropPath {
  /** The rate of the last block; it rises linearly from 0 at the first. */
  rate: number
  /**
   * 1 where a branch is kept for an image, else 0: (branches, B). One row for each branch that can be dropped, in the order of the
   * network: of every block with a rate above 0 the attention, then the MLP.
   */
  keep: Tensor2D
}

/** The patches and the position embedding become the first tokens: (B, n, 768), (1, 1 + n, d) -> (B, 1 + n, d). */
export function embed(patches: Tensor3D, positions: Tensor3D, weights: Weights): Tensor3D {
  const batch = patches.shape[0]
  const cls = tf.zeros<Rank.R3>([batch, 1, 1]).add<Tensor3D>(weights.cls_token) // broadcast: tile's gradient unrolls
  return tf.concat([cls, linear(patches, weights, 'patch_embed.proj')], 1).add(positions)
}

function splitHeads(x: Tensor3D, weights: Weights, block: string, heads: number): Tensor4D[] {
  const [batch, length, width] = x.shape
  const qkv = linear(x, weights, `${block}.attn.qkv`).reshape([batch, length, 3, heads, width / heads])
  return tf.unstack(qkv.transpose([2, 0, 3, 1, 4]), 0) as Tensor4D[]
}

function attentionWeights(query: Tensor4D, key: Tensor4D): Tensor4D {
  return tf.softmax(matrixProduct(query.mul<Tensor4D>(1 / Math.sqrt(query.shape[3])), key, true))
}

/** softmax(Q K^T / sqrt(d / heads)) of one block, for tokens (B, 1 + n, d) of the residual stream: (B, heads, 1 + n, 1 + n). */
export function selfAttention(x: Tensor3D, weights: Weights, block: number, architecture: VitArchitecture): Tensor4D {
  const name = `blocks.${block}`
  const normed = norm(x, weights, `${name}.norm1`, architecture.epsilon)
  const [query, key] = splitHeads(normed, weights, name, architecture.heads)
  return attentionWeights(query, key)
}

function attention(x: Tensor3D, weights: Weights, block: string, heads: number): Tensor3D {
  const [query, key, value] = splitHeads(x, weights, block, heads)
  const mixed = matrixProduct(attentionWeights(query, key), value)
  return linear(mixed.transpose<Tensor4D>([0, 2, 1, 3]).reshape<Tensor3D>(x.shape), weights, `${block}.attn.proj`)
}

function mlp(x: Tensor3D, weights: Weights, block: string): Tensor3D {
  return linear(gelu(linear(x, weights, `${block}.mlp.fc1`)), weights, `${block}.mlp.fc2`)
}

/** Where a branch is dropped only the residual is left; the others are scaled up so that the expectation stays. */
function dropPath(branch: Tensor3D, drop: DropPath | undefined, block: number, second: 0 | 1, depth: number): Tensor3D {
  if (!drop || block === 0) return branch // the first block's rate is 0
  const rate = (drop.rate * block) / (depth - 1)
  const keep = drop.keep.slice([2 * (block - 1) + second, 0], [1, -1]).reshape([-1, 1, 1])
  return branch.mul(keep.div(1 - rate))
}

/** The residual stream (B, 1 + n, d) after each block, x += dp(attn(LN(x))), x += dp(mlp(LN(x))), the first block's first. */
export function* blocks(
  tokens: Tensor3D,
  weights: Weights,
  architecture: VitArchitecture,
  drop?: DropPath,
): Generator<Tensor3D> {
  const { depth, heads, epsilon } = architecture
  let x = tokens
  for (let block = 0; block < depth; block++) {
    const name = `blocks.${block}`
    const attended = attention(norm(x, weights, `${name}.norm1`, epsilon), weights, name, heads)
    x = x.add(dropPath(attended, drop, block, 0, depth))
    const mapped = mlp(norm(x, weights, `${name}.norm2`, epsilon), weights, name)
    x = x.add(dropPath(mapped, drop, block, 1, depth))
    yield x
  }
}

/** The final LayerNorm of the residual stream after the last block. */
export function finalNorm(x: Tensor3D, weights: Weights, architecture: VitArchitecture): Tensor3D {
  return norm(x, weights, 'norm', architecture.epsilon)
}

/** The whole backbone: all tokens after the final LayerNorm (B, 1 + n, d), [CLS] first. */
export function vit(
  patches: Tensor3D,
  positions: Tensor3D,
  weights: Weights,
  architecture: VitArchitecture,
  drop?: DropPath,
): Tensor3D {
  let x = embed(patches, positions, weights)
  for (x of blocks(x, weights, architecture, drop));
  return finalNorm(x, weights, architecture)
}
