import { expect } from 'vitest'
import { tf, type Tensor } from './index.ts'

/** The largest absolute difference, after the shapes were found equal. */
export function largestDifference(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape)
  expect(a.dtype).toBe(b.dtype)
  const [left, right] = [a, b].map((tensor) => Array.from(tensor.dataSync() as Iterable<number>))
  return left.reduce<number>((largest, value, i) => Math.max(largest, Math.abs(value - right[i])), 0)
}

/** Normal numbers that the seed decides. */
export function normal(shape: number[], seed: number, deviation = 1): Tensor {
  return tf.randomNormal(shape, 0, deviation, 'float32', seed)
}
