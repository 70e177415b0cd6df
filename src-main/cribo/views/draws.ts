import { uniformStream } from '../philox.ts'

/** Where the parameters of a view are drawn from. */
export interface Draws {
  /** In [low, high). */
  uniform(low: number, high: number): number
  /** A whole number from 0 to below - 1. */
  integer(below: number): number
  /** The numbers from 0 to length - 1 in random order. */
  permutation(length: number): number[]
}

/** The draws of one view: of a seed, a step, a place in that step's batch, and 0 or 1 for the view. */
export function drawsOfView(seed: number, step: number, place: number, view: number): Draws {
  return drawsFrom(uniformStream(seed, 'views', [step, place, view]))
}

/** @param next gives uniform numbers in [0, 1). */
export function drawsFrom(next: () => number): Draws {
  const integer = (below: number) => Math.floor(next() * below)
  return {
    uniform: (low, high) => low + (high - low) * next(),
    integer,
    permutation: (length) => {
      const order = Array.from({ length }, (_, i) => i)
      for (let i = length - 1; i > 0; i--) {
        const j = integer(i + 1)
        ;[order[i], order[j]] = [order[j], order[i]]
      }
      return order
    },
  }
}
