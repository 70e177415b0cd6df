import { tf, type Scalar, type Tensor } from '../tensorflow/index.ts'
import type { TrainingSettings } from './training-settings.ts'

type OptimiserSettings = TrainingSettings['optimiser']

/** The numbers of one step of AdamW (arXiv 1711.05101), for a group of weights. */
export interface AdamNumbers<T> {
  /** rate * sqrt(1 - beta2^t) / (1 - beta1^t), t counting the group's own steps from 1. */
  step: T
  /** rate * weight decay. */
  decay: T
  /** epsilon * sqrt(1 - beta2^t): with both corrections moved to the step this is what PyTorch's epsilon becomes. */
  epsilon: T
  /** 1 - beta1 and 1 - beta2: how much of the moments is new. */
  share1: T
  share2: T
  /** rate * the pull toward the start. */
  pull: T
}

export const adamNumberNames = ['step', 'decay', 'epsilon', 'share1', 'share2', 'pull'] as const

/** Nothing moves: no decay, and the moments stay as they are. */
export const standstill: AdamNumbers<number> = { step: 0, decay: 0, epsilon: 1, share1: 0, share2: 0, pull: 0 }

/** @param t of this step, from 1. */
export function adamNumbers(
  t: number,
  rate: number,
  weightDecay: number,
  { beta1, beta2, epsilon, pullTowardStart }: OptimiserSettings,
): AdamNumbers<number> {
  const correction2 = Math.sqrt(1 - beta2 ** t)
  return {
    step: (rate * correction2) / (1 - beta1 ** t),
    decay: rate * weightDecay,
    epsilon: epsilon * correction2,
    share1: 1 - beta1,
    share2: 1 - beta2,
    pull: rate * pullTowardStart,
  }
}

/** A trained weight with the moments of its gradient, and where it started if it is pulled there. */
export interface AdamState {
  weight: Tensor
  moment1: Tensor
  moment2: Tensor
  start?: Tensor | undefined
}

/** One step for one weight: decoupled decay, then Adam. */
export function adamW(state: AdamState, gradient: Tensor, decayed: boolean, numbers: AdamNumbers<Scalar>): AdamState {
  const { weight, start } = state
  const moment1 = state.moment1.add(gradient.sub(state.moment1).mul(numbers.share1))
  const moment2 = state.moment2.add(gradient.square().sub(state.moment2).mul(numbers.share2))
  const step = moment1.div(moment2.sqrt().add(numbers.epsilon)).mul(numbers.step)
  const kept = decayed ? weight.sub(weight.mul(numbers.decay)) : weight
  const pulled = start ? kept.sub(weight.sub(start).mul(numbers.pull)) : kept
  return { weight: pulled.sub(step), moment1, moment2, start }
}

/** No longer than `longest`, by the rule of the authors' code. */
export function clipGradient(gradient: Tensor, longest: number): Tensor {
  const length = gradient.square().sum().sqrt()
  return gradient.mul(tf.minimum(1, tf.div(longest, length.add(1e-6))))
}

/** Exponential moving average: momentum * average + (1 - momentum) * value, given 1 - momentum. */
export function moveAverage(average: Tensor, value: Tensor, share: Scalar): Tensor {
  return average.add(value.sub(average).mul(share))
}
