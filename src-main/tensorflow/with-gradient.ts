import { tf, type Tensor } from './library.ts'

export interface Differentiable<T extends Tensor> {
  value: T
  /** What the gradient needs besides the value's gradient: kept until then, and nothing else is. */
  saved: Tensor[]
  /** The value's gradient dy and what was saved -> the gradient of each input. */
  gradient: (dy: T, saved: Tensor[]) => Tensor[]
}

type Save = (tensors: Tensor[]) => void

/** tf.customGrad with types: a computation on these inputs whose gradient is our own. */
export function withGradient<T extends Tensor>(inputs: Tensor[], compute: () => Differentiable<T>): T {
  const differentiable = tf.customGrad<T>((...inputsAndSave) => {
    const { value, saved, gradient } = compute()
    const save = inputsAndSave.at(-1) as Save
    save(saved)
    return { value, gradFunc: gradient }
  })
  return differentiable(...inputs)
}
