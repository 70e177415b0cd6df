import { executeOp, tf, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import type { Memory } from './memory.ts'
import type { Grid, ProbabilityMaps } from './probability-maps.ts'

export interface VoteSettings {
  neighbours: number
  temperature: number
}

/** What is known of the tokens already, on their grid. */
export interface Belief {
  maps: ProbabilityMaps
  /** A token of which one class is as probable as this is not asked. */
  from: number
}

/**
 * What the memory says about the tokens of one image, and which of its tokens said so. Row i of (n, k) is token i's: zeros where it was not
 * asked.
 */
export interface Vote {
  maps: ProbabilityMaps
  /** k: the memory's tokens that each token heard. */
  neighbours: number
  /** (n, k) rows of the memory, the most alike first. */
  indices: Int32Array
  /** (n, k) their cosines. */
  cosines: Float32Array
  /** (n, k) their shares in the vote: those of a token that was asked sum to one. */
  weights: Float32Array
}

/** Cosines of a chunk of tokens with the whole memory are held at once: 16 MiB of them. */
const largestProduct = 1 << 22

/** The memory is looked through in blocks of so many tokens; only those with the best of all are looked into. */
const block = 8

/** Below every cosine. */
const nothing = -2

/** Step 4. Holds the memory of one scale in TensorFlow until disposed of. */
export class Voter {
  readonly #memory: Memory
  readonly #settings: VoteSettings
  readonly #blocks: number
  /**
   * (dimensions + 1, blocks * block): the memory's tokens as columns, which multiply quicker than rows. The last row is 0, or `nothing`
   * for the columns that fill up the last block: with a 1 at the end of every token they stay below all others.
   */
  readonly #columns: Tensor2D

  constructor(memory: Memory, settings: VoteSettings) {
    this.#memory = memory
    this.#settings = settings
    this.#blocks = Math.ceil(memory.size / block)
    const filling = this.#blocks * block - memory.size
    this.#columns = tf.tidy(() => {
      const tokens = tf.tensor2d(memory.tokens, [memory.size, memory.dimensions])
      const filled = tf.pad2d(tokens.transpose<Tensor2D>(), [
        [0, 0],
        [0, filling],
      ])
      const marks = tf.concat([tf.zeros([1, memory.size]), tf.fill([1, filling], nothing)], 1)
      return tf.concat2d([filled, marks as Tensor2D], 0)
    })
  }

  /** @param tokens (n, dimensions) unit rows, the tokens of `grid` */
  vote(tokens: Float16Array, grid: Grid, belief: Belief | null = null): Vote {
    const count = grid.columns * grid.rows
    const { classes, size } = this.#memory
    const neighbours = Math.min(this.#settings.neighbours, size)
    const vote: Vote = {
      maps: { ...grid, classes, values: belief ? belief.maps.values.slice() : new Float32Array(classes * count) },
      neighbours,
      indices: new Int32Array(count * neighbours),
      cosines: new Float32Array(count * neighbours),
      weights: new Float32Array(count * neighbours),
    }
    const asked = belief ? doubted(belief) : Array.from({ length: count }, (_, i) => i)
    const step = Math.max(1, Math.floor(largestProduct / (this.#blocks * block)))
    for (let start = 0; start < asked.length; start += step) this.#ask(tokens, asked.slice(start, start + step), vote)
    return vote
  }

  /** Writes the rows of these tokens. */
  #ask(tokens: Float16Array, asked: number[], vote: Vote): void {
    const { neighbours } = vote
    const { indices, cosines } = this.#nearestOf(this.#withOnes(tokens, asked), asked.length, neighbours)
    const weights = softmaxRows(cosines, neighbours, this.#settings.temperature)
    asked.forEach((token, row) => {
      const range = [row * neighbours, (row + 1) * neighbours] as const
      vote.indices.set(indices.subarray(...range), token * neighbours)
      vote.cosines.set(cosines.subarray(...range), token * neighbours)
      vote.weights.set(weights.subarray(...range), token * neighbours)
      this.#sumShares(token, vote)
    })
  }

  /** (rows, dimensions + 1): some of the tokens, with a 1 at the end. */
  #withOnes(tokens: Float16Array, asked: number[]): Float32Array {
    const { dimensions } = this.#memory
    const result = new Float32Array(asked.length * (dimensions + 1)).fill(1)
    asked.forEach((token, row) =>
      result.set(tokens.subarray(token * dimensions, (token + 1) * dimensions), row * (dimensions + 1)),
    )
    return result
  }

  /**
   * The nearest of the memory, exactly: the best k tokens lie in the k blocks whose best token is best, so the k largest are taken
   * among the blocks' largest and then among the tokens of those blocks, which is a good deal quicker than among all tokens.
   */
  #nearestOf(tokens: Float32Array, rows: number, neighbours: number): Pick<Vote, 'indices' | 'cosines'> {
    const inspected = Math.min(neighbours, this.#blocks)
    const [blocks, best] = tf.tidy(() => {
      const cosines = tf.tensor2d(tokens, [rows, this.#memory.dimensions + 1]).matMul(this.#columns)
      const blockwise = cosines.reshape([rows, this.#blocks, block])
      const blocks = tf.topk(blockwise.max(2), inspected, false).indices
      const candidates = gatherRows(blockwise, blocks).reshape([rows, inspected * block])
      return [blocks, tf.topk(candidates, neighbours)]
    })
    const blockOf = blocks.dataSync<'int32'>()
    const indices = best.indices.dataSync<'int32'>().map((candidate, at) => {
      const row = Math.floor(at / neighbours)
      return blockOf[row * inspected + Math.floor(candidate / block)] * block + (candidate % block)
    })
    const cosines = best.values.dataSync<'float32'>()
    tf.dispose([blocks, best.indices, best.values])
    return { indices, cosines }
  }

  /** P0 = sum_j softmax(v / T)_j y_j of one token. */
  #sumShares(token: number, { maps, neighbours, indices, weights }: Vote): void {
    const { classes, shares } = this.#memory
    const cells = maps.columns * maps.rows
    for (let c = 0; c < classes; c++) {
      let sum = 0
      for (let j = token * neighbours; j < (token + 1) * neighbours; j++)
        sum += weights[j] * shares[indices[j] * classes + c]
      maps.values[c * cells + token] = sum
    }
  }

  dispose(): void {
    this.#columns.dispose()
  }
}

/** The tokens of which no class is as probable as is believed. */
function doubted({ maps: { classes, columns, rows, values }, from }: Belief): number[] {
  const cells = columns * rows
  const best = values.slice(0, cells)
  for (let c = 1; c < classes; c++) for (let i = 0; i < cells; i++) best[i] = Math.max(best[i], values[c * cells + i])
  return Array.from(best.keys()).filter((i) => best[i] < from)
}

/** From each row of `values` (rows, n, m) the parts that its row of `indices` (rows, k) names: (rows, k, m). */
function gatherRows(values: Tensor, indices: Tensor): Tensor {
  const types = { Tparams: 'float32', Tindices: 'int32', Taxis: 'int32' }
  return executeOp('GatherV2', { batch_dims: 1, ...types }, [values, indices, tf.scalar(1, 'int32')])[0]
}

/** softmax(v / T) of each row of `length` cosines, the largest first. */
export function softmaxRows(cosines: Float32Array, length: number, temperature: number): Float32Array {
  const weights = new Float32Array(cosines.length)
  for (let start = 0; start < cosines.length; start += length) {
    let sum = 0
    for (let j = start; j < start + length; j++) {
      weights[j] = Math.exp((cosines[j] - cosines[start]) / temperature)
      sum += weights[j]
    }
    for (let j = start; j < start + length; j++) weights[j] /= sum
  }
  return weights
}
