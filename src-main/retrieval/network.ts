import type { FrozenVit } from '../cribo/index.ts'
import type { RgbImage } from '../images/index.ts'
import { tf, type Tensor3D } from '../tensorflow/index.ts'

/** One image's tokens as they left the network: for each long side, for each depth, (n, width). */
export type RawTokens = Float16Array[][]

/** For each picture, for each depth: (1, n, width). The caller disposes them. */
export function runNetwork(vit: FrozenVit, pictures: RgbImage[], depths: number[]): Tensor3D[][] {
  return pictures.map(({ data, width, height }) => vit.tokens(data, { batch: 1, width, height }, depths))
}

/** Raw tokens back as tensors, as runNetwork gives them. */
export function toTensors(raw: RawTokens, width: number): Tensor3D[][] {
  return raw.map((depths) =>
    depths.map((tokens) => tf.tensor3d(new Float32Array(tokens), [1, tokens.length / width, width])),
  )
}

export function fromTensors(scales: Tensor3D[][]): RawTokens {
  return scales.map((depths) => depths.map((tokens) => new Float16Array(tokens.dataSync<'float32'>())))
}
