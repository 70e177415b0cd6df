import { tf, type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from '../tensorflow/index.ts'
import type { TrainingSettings } from './training-settings.ts'

/** The teacher's objects of the last images, newest image first; K places an image, of which some may be empty. */
export interface Memory {
  /** q_1, q_2: objects as they were in view 1 and in view 2, not normalised, (M, K, d). */
  objects1: Tensor3D
  objects2: Tensor3D
  /** 1 where the place holds an object, else 0: (M, K). */
  valid: Tensor2D
  /** The image of each entry, NO_IMAGE where it is of none: (M). As float32, which TensorFlow keeps on every device. */
  images: Tensor1D
}

/** What a batch adds: its objects (2, B, K, d), which of them are valid (B, K), and its images' ids (B). */
export interface MemoryEntry {
  objects: Tensor4D
  valid: Tensor2D
  images: Tensor1D
}

export const NO_IMAGE = -1

/** Places for `settings.images` images of K objects of d numbers each. As the authors' queue it may start full of uniform noise. */
export function startMemory(settings: TrainingSettings['memory'], K: number, d: number, seed: number): Memory {
  const { images: M, start } = settings
  const noise = start === 'noise'
  const objects = (view: number): Tensor3D =>
    noise ? tf.randomUniform([M, K, d], 0, 1, 'float32', seed + view) : tf.zeros([M, K, d])
  return {
    objects1: objects(1),
    objects2: objects(2),
    valid: noise ? tf.ones([M, K]) : tf.zeros([M, K]),
    images: tf.fill([M], NO_IMAGE),
  }
}

/** First in, first out: the batch goes to the front, its first image first, and what no longer fits is dropped. */
export function push(memory: Memory, { objects, valid, images }: MemoryEntry): Memory {
  const [view1, view2] = tf.unstack(objects) as Tensor3D[]
  return {
    objects1: inFront(view1, memory.objects1),
    objects2: inFront(view2, memory.objects2),
    valid: inFront(valid, memory.valid),
    images: inFront(images, memory.images),
  }
}

function inFront<T extends Tensor>(entries: T, kept: T): T {
  const both: Tensor = tf.concat([entries as Tensor, kept], 0)
  return both.slice(
    kept.shape.map(() => 0),
    kept.shape,
  ) as T
}
