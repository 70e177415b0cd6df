import type { Tensor } from '../../tensorflow/index.ts'

/** Length of all elements as one vector, in double precision. */
export function normOf(tensor: Tensor): number {
  let squares = 0
  for (const value of tensor.dataSync()) squares += value * value
  return Math.sqrt(squares)
}
