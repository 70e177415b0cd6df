import type { Tensor } from './library.ts'
import { withGradient } from './with-gradient.ts'

/** x * Phi(x), Phi being the normal distribution function (arXiv 1606.08415): exact, by erf. Its gradient keeps x alone. */
export function gelu<T extends Tensor>(x: T): T {
  return withGradient<T>([x], () => ({ value: phi(x).mul<T>(x), saved: [x], gradient: geluGradient }))
}

/** Phi(x) = (1 + erf(x / sqrt 2)) / 2, in the order of operations that TensorFlow knows how to fuse with a matrix product. */
function phi(x: Tensor): Tensor {
  return x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)
}

/** d/dx x Phi(x) = Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi). */
function geluGradient(dy: Tensor, [x]: Tensor[]): Tensor[] {
  const density = x
    .square()
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI))
  return [dy.mul(phi(x).add(x.mul(density)))]
}
