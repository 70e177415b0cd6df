import { CribsheetError } from '../contract/index.ts'
import { capture, tf, type Captured, type Tensor, type Tensor3D } from '../tensorflow/index.ts'
import { PATCH, PATCH_LENGTH, type VitArchitecture } from './architecture.ts'
import { randomVit } from './initialisation.ts'
import type { Weights } from './layout.ts'
import { type BatchShape, type Normalisation, toPatches } from './patches.ts'
import { resizeMatrix, resizePositions } from './position-embedding.ts'
import { blocks, embed, finalNorm } from './vit.ts'
import { readVit, type VitModel } from './weights.ts'

/** A ViT that is only used, not trained: one captured graph for every size and number of images, which alone holds the weights. */
export class FrozenVit {
  readonly architecture: VitArchitecture
  readonly normalisation: Normalisation
  /** SHA-256 over the weights, the architecture and the normalisation. */
  readonly fingerprint: string
  readonly #network: Captured
  /** As learned, (1, 1 + grid * grid, d). */
  readonly #learnedPositions: Tensor3D
  /** Position embeddings (1, 1 + n, d) for the grids met so far, by "rows x columns". */
  readonly #positions = new Map<string, Tensor3D>()

  private constructor({ architecture, normalisation, fingerprint, weights }: VitModel) {
    this.architecture = architecture
    this.normalisation = normalisation
    this.fingerprint = fingerprint
    const { pos_embed: positions, ...others } = weights
    this.#learnedPositions = tf.keep(positions as Tensor3D)
    this.#network = captureNetwork(others, architecture)
    tf.dispose(others)
  }

  /**
   * Architecture, naming and normalisation are found from the file, .safetensors or .npz.
   *
   * @throws CribsheetError weights-missing, weights-damaged, weights-not-a-model, weights-wrong-shape
   */
  static load(weightsFile: string): FrozenVit {
    return new FrozenVit(readVit(weightsFile))
  }

  static random(architecture: VitArchitecture, seed: number): FrozenVit {
    return new FrozenVit(randomVit(architecture, seed))
  }

  /**
   * Patch tokens (B, n, d) of the residual stream after each block of `depths`, which counts blocks from 1. The last block's tokens
   * are those after the final LayerNorm. n = H/16 * W/16, row by row; [CLS] is left out. The caller disposes the tensors.
   *
   * @param pixels RGB bytes (B, H, W, 3); H and W are multiples of 16.
   * @throws CribsheetError argument-invalid for a depth that the network does not have; out-of-memory.
   */
  tokens(pixels: Uint8Array, shape: BatchShape, depths: number[]): Tensor3D[] {
    this.#checkDepths(depths)
    const rows = shape.height / PATCH
    const columns = shape.width / PATCH
    const patches = tf.tensor3d(toPatches(pixels, shape, this.normalisation), [
      shape.batch,
      rows * columns,
      PATCH_LENGTH,
    ])
    try {
      const inputs = { patches, positions: this.#positionsFor(rows, columns) }
      const outputs = this.#network.run(inputs, [...new Set(depths.map(outputName))])
      return depths.map((depth) => outputs[outputName(depth)] as Tensor3D)
    } finally {
      patches.dispose()
    }
  }

  #positionsFor(rows: number, columns: number): Tensor3D {
    const key = `${rows}x${columns}`
    let positions = this.#positions.get(key)
    if (positions === undefined) {
      positions = tf.tidy(() =>
        resizePositions(this.#learnedPositions, resizeMatrix(this.architecture.grid, rows, columns)),
      )
      this.#positions.set(key, tf.keep(positions))
    }
    return positions
  }

  #checkDepths(depths: number[]): void {
    const wrong = depths.find((depth) => !Number.isInteger(depth) || depth < 1 || depth > this.architecture.depth)
    if (wrong === undefined) return
    throw new CribsheetError(
      'argument-invalid',
      `There is no block ${wrong}: ${this.architecture.name} has ${this.architecture.depth}, counted from 1.`,
      { advice: 'Choose other depths.' },
    )
  }

  dispose(): void {
    tf.dispose([this.#learnedPositions, ...this.#positions.values()])
    this.#positions.clear()
    this.#network.dispose()
  }
}

function outputName(depth: number): string {
  return `block ${depth}`
}

/** (patches (B, n, 768), positions (1, 1 + n, d)) -> the patch tokens (B, n, d) of every block. */
function captureNetwork(weights: Weights, architecture: VitArchitecture): Captured {
  const tokensOfBlocks = ({ patches, positions }: Record<string, Tensor>): Record<string, Tensor> => {
    const first = embed(patches as Tensor3D, positions as Tensor3D, weights)
    const streams = [...blocks(first, weights, architecture)]
    streams.push(finalNorm(streams.pop() ?? first, weights, architecture))
    return Object.fromEntries(streams.map((x, i) => [outputName(i + 1), x.slice([0, 1, 0])]))
  }
  return capture(tokensOfBlocks, {
    inputs: {
      patches: { dims: ['batch', 'patches', PATCH_LENGTH] },
      positions: { dims: [1, 'patches+1', architecture.width] },
    },
    variables: weights,
  })
}
