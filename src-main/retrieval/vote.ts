import { executeOp, tf, type Tensor, type Tensor2D } from '../tensorflow/index.ts'
import type { Memory } from './memory.ts'
import type { Grid, ProbabilityMaps } from './probability-maps.ts'

export interface VoteSettings {
  neighbours: number
  temperature: number
}

/** What the memory says about the tokens of one image, and which of its tokens said so. Row i of (n, k) is token i's. */
export interface Vote {
  maps: ProbabilityMaps
  /** k: the memory's tokens that each token heard. */
  neighbours: number
  /** (n, k) rows of the memory, the most alike first. */
  indices: Int32Array
  /** (n, k) their cosines. */
  cosines: Float32Array
  /** (n, k) their shares in the vote: each token's sum to one. */
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
  vote(tokens: Float16Array, grid: Grid): Vote {
    const nearest = this.#nearest(tokens, grid.columns * grid.rows)
    const weights = softmaxRows(nearest.cosines, nearest.neighbours, this.#settings.temperature)
    return { ...nearest, weights, maps: this.#sumShares(nearest.indices, weights, nearest.neighbours, grid) }
  }

  #nearest(tokens: Float16Array, count: number): Pick<Vote, 'indices' | 'cosines' | 'neighbours'> {
    const neighbours = Math.min(this.#settings.neighbours, this.#memory.size)
    const indices = new Int32Array(count * neighbours)
    const cosines = new Float32Array(count * neighbours)
    const step = Math.max(1, Math.floor(largestProduct / (this.#blocks * block)))
    for (let start = 0; start < count; start += step) {
      const rows = Math.min(step, count - start)
      const nearest = this.#nearestOf(this.#withOnes(tokens, start, rows), rows, neighbours)
      indices.set(nearest.indices, start * neighbours)
      cosines.set(nearest.cosines, start * neighbours)
    }
    return { neighbours, indices, cosines }
  }

  /** (rows, dimensions + 1): some of the tokens, with a 1 at the end. */
  #withOnes(tokens: Float16Array, start: number, rows: number): Float32Array {
    const { dimensions } = this.#memory
    const result = new Float32Array(rows * (dimensions + 1)).fill(1)
    for (let i = 0; i < rows; i++) {
      const from = (start + i) * dimensions
      result.set(tokens.subarray(from, from + dimensions), i * (dimensions + 1))
    }
    return result
  }

  /**
   * The nearest of the memory, exactly: the best k tokens lie in the k blocks whose best token is best, so the k largest are taken
   * among the blocks' largest and then among the tokens of those blocks, which is a good deal quicker than among all tokens.
   */
  #nearestOf(tokens: Float32Array, rows: number, neighbours: number): { indices: Int32Array; cosines: Float32Array } {
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

  /** P0 = sum_j softmax(v / T)_j y_j */
  #sumShares(indices: Int32Array, weights: Float32Array, neighbours: number, grid: Grid): ProbabilityMaps {
    const { classes, shares } = this.#memory
    const cells = grid.columns * grid.rows
    const values = new Float32Array(classes * cells)
    for (let i = 0; i < cells; i++) {
      for (let j = i * neighbours; j < (i + 1) * neighbours; j++) {
        const from = indices[j] * classes
        for (let c = 0; c < classes; c++) values[c * cells + i] += weights[j] * shares[from + c]
      }
    }
    return { classes, columns: grid.columns, rows: grid.rows, values }
  }

  dispose(): void {
    this.#columns.dispose()
  }
}

/** From each row of `values` (rows, n, m) the parts that its row of `indices` (rows, k) names: (rows, k, m). */
function gatherRows(values: Tensor, indices: Tensor): Tensor {
  const types = { Tparams: 'float32', Tindices: 'int32', Taxis: 'int32' }
  return executeOp('GatherV2', { batch_dims: 1, ...types }, [values, indices, tf.scalar(1, 'int32')])[0]
}

/** softmax(v / T) of each row of `length` cosines, the largest first. */
function softmaxRows(cosines: Float32Array, length: number, temperature: number): Float32Array {
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
