import { describe, expect, it } from 'vitest'
import { gelu, layerNorm, tf, type Tensor } from './index.ts'
import { largestDifference, normal } from './tensors-for-tests.ts'

/** As tfjs itself computes and differentiates it. */
function plainLayerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon: number): Tensor {
  const { mean, variance } = tf.moments(x, -1, true)
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gain).add(bias)
}

function plainGelu(x: Tensor): Tensor {
  return x.mul(x.div(Math.SQRT2).erf().add(1).div(2))
}

describe('layerNorm', () => {
  it('equals the plain formula, and so do its gradients', () => {
    tf.tidy(() => {
      const inputs = [normal([3, 5, 8], 1, 2).add(3), normal([8], 2), normal([8], 3)]
      const dy = normal([3, 5, 8], 4)
      const ours = tf.valueAndGrads((x, gain, bias) => layerNorm(x, gain, bias, 1e-6).mul<Tensor>(dy).sum())(inputs)
      const plain = tf.valueAndGrads((x, gain, bias) => plainLayerNorm(x, gain, bias, 1e-6).mul(dy).sum())(inputs)
      expect(largestDifference(ours.value, plain.value)).toBeLessThan(1e-4)
      ours.grads.forEach((gradient, i) => {
        expect(largestDifference(gradient, plain.grads[i])).toBeLessThan(2e-5)
      })
    })
  })
})

describe('gelu', () => {
  it('equals the plain formula, and so does its gradient', () => {
    tf.tidy(() => {
      const x = tf.linspace(-6, 6, 101)
      const ours = tf.valueAndGrad((value: Tensor) => gelu(value).square().sum())(x)
      const plain = tf.valueAndGrad((value: Tensor) => plainGelu(value).square().sum())(x)
      expect(largestDifference(gelu(x), plainGelu(x))).toBeLessThan(1e-6)
      expect(largestDifference(ours.grad, plain.grad)).toBeLessThan(2e-5)
    })
  })
})

describe('gather', () => {
  it('takes rows, and differentiates', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2])
      const indices = tf.tensor1d([2, 0, 2], 'int32')
      expect(tf.gather(x, indices).arraySync()).toEqual([
        [5, 6],
        [1, 2],
        [5, 6],
      ])
      expect(tf.gather(x, tf.tensor1d([1, 0], 'int32'), 1).arraySync()).toEqual([
        [2, 1],
        [4, 3],
        [6, 5],
      ])
      const gradient = tf.grad((value: Tensor) => tf.gather(value, indices).sum())(x)
      expect(gradient.arraySync()).toEqual([
        [1, 1],
        [0, 0],
        [2, 2],
      ])
    })
  })

  it('refuses an index that does not exist', () => {
    const x = tf.tensor1d([1, 2])
    expect(() => tf.gather(x, tf.tensor1d([2], 'int32'))).toThrow(/indices/)
  })
})
