import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, fitFloat, fitInteger } from './formula.ts'
import { allPoints, samplePoints } from './sample-points.ts'

const points = samplePoints(['batch', 'tokens'], {})
const samples = allPoints(points)
const coefficient = fc.integer({ min: -1000, max: 1000 })
const size = fc.integer({ min: 1, max: 4000 })

describe('fitInteger', () => {
  it('finds every multilinear polynomial with whole coefficients, and extrapolates exactly', () => {
    fc.assert(
      fc.property(
        fc.tuple(coefficient, coefficient, coefficient, coefficient),
        size,
        size,
        ([c, b, t, bt], batch, tokens) => {
          const value = (x: number, y: number): number => c + b * x + t * y + bt * x * y
          const formula = fitInteger(
            samples.map(([x, y]) => value(x, y)),
            points,
          )
          if (samples.every(([x, y]) => value(x, y) === 0)) return
          expect(formula && evaluate(formula, [batch, tokens])).toBe(value(batch, tokens))
        },
      ),
    )
  })

  it('finds products with powers', () => {
    const formula = fitInteger(
      samples.map(([batch, tokens]) => 6 * batch * tokens ** 2),
      points,
    )
    expect(formula && evaluate(formula, [64, 1601])).toBe(6 * 64 * 1601 ** 2)
  })

  it.each([
    ['a remainder', ([batch, tokens]: number[]) => (batch * tokens) % 7],
    ['half, rounded down', ([, tokens]: number[]) => Math.floor(tokens / 2)],
    ['the lesser of two', ([batch, tokens]: number[]) => Math.min(3 * batch, tokens)],
  ])('finds nothing for %s', (_, value) => {
    expect(fitInteger(samples.map(value), points)).toBeNull()
  })
})

describe('fitFloat', () => {
  const factor = fc.float({ min: Math.fround(0.001), max: 1000, noNaN: true })

  it.each([
    ['the reciprocal of a count', (b: number, t: number) => 1 / (b * t * 384)],
    ['the reciprocal of a count with a constant', (b: number, t: number) => 1 / (b * (t + 1))],
    ['a root', (b: number, t: number) => 1 / Math.sqrt(b * t)],
    ['a count', (b: number, t: number) => b * t + 3 * b],
    ['a quotient', (b: number, t: number) => b / t],
  ])('finds %s times any factor, from what float32 left of it', (_, value) => {
    fc.assert(
      fc.property(factor, size, size, (scale, batch, tokens) => {
        const formula = fitFloat(
          samples.map(([b, t]) => Math.fround(scale * value(b, t))),
          points,
        )
        const expected = scale * value(batch, tokens)
        expect(Math.abs((formula ? evaluate(formula, [batch, tokens]) : 0) / expected - 1)).toBeLessThan(1e-6)
      }),
    )
  })

  it('finds nothing for chance', () => {
    expect(fitFloat([0.1, 0.7, 0.3, 0.9, 0.2, 0.5], points)).toBeNull()
  })
})
