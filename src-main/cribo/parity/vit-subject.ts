import { z } from 'zod'
import { tf, type Tensor, type Tensor2D, type Tensor3D } from '../../tensorflow/index.ts'
import { PATCH, PATCH_LENGTH, type VitArchitecture } from '../architecture.ts'
import type { Weights } from '../layout.ts'
import { IMAGENET, toPatches } from '../patches.ts'
import { resizeMatrix } from '../position-embedding.ts'
import type { ExecutionMode } from './execution.ts'
import type { ExpectedTensor, Fixture } from './fixture.ts'
import { type Computed, keyOf, leadingBlock } from './part.ts'

export const IMAGES = 'inputs.safetensors'

export const vitManifestSchema = z.looseObject({ config: z.looseObject({ heads: z.int().positive() }) })

/** Everything the checks of one ViT fixture share. */
export interface VitSubject {
  fixture: Fixture
  mode: ExecutionMode
  architecture: VitArchitecture
  backbone: Weights
  head: Weights
}

/** "320x256" is 320 rows of pixels and 256 columns. */
export function parseSize(text: string): { height: number; width: number } {
  const [height, width] = text.split('x').map(Number)
  return { height, width }
}

export function resizeMatrixFor(size: string, { grid }: VitArchitecture): Tensor2D {
  const { height, width } = parseSize(size)
  return resizeMatrix(grid, height / PATCH, width / PATCH)
}

/** The images of a size as RGB bytes (B, H, W, 3); the fixtures hold colour planes, (B, 3, H, W). */
export function readImages(fixture: Fixture, size: string): { pixels: Uint8Array; batch: number } {
  const planes = fixture.tensor(IMAGES, `images_${size}`)
  const interleaved = planes.transpose([0, 2, 3, 1])
  const pixels = Uint8Array.from(interleaved.dataSync())
  tf.dispose([planes, interleaved])
  return { pixels, batch: planes.shape[0] }
}

export function patchesOf(pixels: Uint8Array, batch: number, size: string): Tensor3D {
  const patches = toPatches(pixels, { batch, ...parseSize(size) }, IMAGENET)
  return tf.tensor3d(patches, [batch, patches.length / batch / PATCH_LENGTH, PATCH_LENGTH])
}

/** The expected tensors of a file whose names match, by the groups of the match. */
export function expectedLike(fixture: Fixture, pattern: RegExp): { expected: ExpectedTensor; groups: string[] }[] {
  return fixture.expected().flatMap((expected) => {
    const match = pattern.exec(expected.name)
    return match ? [{ expected, groups: match.slice(1) }] : []
  })
}

export function addLeadingBlock(
  tensors: Map<string, Computed>,
  { file, name, entry }: ExpectedTensor,
  tensor: Tensor,
): void {
  const block = leadingBlock(tensor, entry.shape)
  tensors.set(keyOf(file, name), { values: block.dataSync() })
  block.dispose()
}

/** linspace(-1, 1) over all elements: what the fixtures multiply an output with before they take the gradient of its sum. */
export function ramp(shape: number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1)
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => -1 + (2 * i) / (length - 1)),
    shape,
  )
}
