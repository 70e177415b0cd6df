import type { Tensor } from './library.ts'
import { withGradient } from './with-gradient.ts'

/**
 * Layer normalisation over the last dimension (arXiv 1607.06450): (x - mean) / sqrt(variance + epsilon) * gain + bias. Its gradient
 * keeps x and a number or two a row; what tfjs derives keeps every step between.
 *
 * @param x (..., d)
 * @param gain (d)
 * @param bias (d)
 */
export function layerNorm<T extends Tensor>(x: T, gain: Tensor, bias: Tensor, epsilon: number): T {
  return withGradient<T>([x, gain, bias], () => {
    const mean = x.mean(-1, true)
    const centred = x.sub<T>(mean)
    const inverse = centred.square().mean(-1, true).add(epsilon).rsqrt()
    return {
      value: centred.mul(inverse).mul(gain).add<T>(bias),
      saved: [x, gain, mean, inverse],
      gradient: layerNormGradient,
    }
  })
}

/** With y = (x - mean) * inverse and g = dy * gain: dx = inverse * (g - mean(g) - y * mean(g * y)). */
function layerNormGradient(dy: Tensor, [x, gain, mean, inverse]: Tensor[]): Tensor[] {
  const y = x.sub(mean).mul(inverse)
  const g = dy.mul(gain)
  const dx = inverse.mul(g.sub(g.mean(-1, true)).sub(y.mul(g.mul(y).mean(-1, true))))
  const rows = dy.shape.slice(0, -1).map((_, axis) => axis)
  return [dx, dy.mul(y).sum(rows), dy.sum(rows)]
}
