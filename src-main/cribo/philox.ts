/** 128 bits, as four words of 32. */
export type Counter = readonly [number, number, number, number]

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): random bits as a function of a counter, so that
 * any number of a stream is had without the ones before it and no state need be kept.
 */
export function philox(counter: Counter, key: readonly [number, number]): Counter {
  let [a, b, c, d] = counter
  let [keyA, keyB] = key
  for (let round = 0; round < 10; round++) {
    const first = multiply(0xd2511f53, a)
    const second = multiply(0xcd9e8d57, c)
    a = (second.high ^ b ^ keyA) >>> 0
    b = second.low
    c = (first.high ^ d ^ keyB) >>> 0
    d = first.low
    keyA = (keyA + 0x9e3779b9) >>> 0
    keyB = (keyB + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

/** The two halves of a product of two words, exactly: through their upper and lower 16 bits. */
function multiply(x: number, y: number): { high: number; low: number } {
  const [xHigh, xLow, yHigh, yLow] = [x >>> 16, x & 0xffff, y >>> 16, y & 0xffff]
  const middle = xHigh * yLow + ((xLow * yLow) >>> 16)
  const carry = xLow * yHigh + (middle % 0x10000)
  return {
    high: (xHigh * yHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0,
    low: Math.imul(x, y) >>> 0,
  }
}

/** What a stream of random numbers is for: streams of different purposes are independent under the same seed. */
export const purposes = { views: 1, epochs: 2, clusters: 3, dropPath: 4 } as const

/**
 * Uniform numbers in [0, 1), of 53 bits, one after another: always the same ones for the same seed, purpose and place.
 *
 * @param place three whole numbers below 2^32 that tell this stream from the others of its purpose.
 */
export function uniformStream(
  seed: number,
  purpose: keyof typeof purposes,
  [x, y, z]: readonly [number, number, number],
): () => number {
  const key = [seed >>> 0, purposes[purpose]] as const
  let block = 0
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const [a, b, c, d] = philox([block++, x, y, z], key)
    spare = to53Bits(c, d)
    return to53Bits(a, b)
  }
}

function to53Bits(upper: number, lower: number): number {
  return ((upper >>> 5) * 2 ** 26 + (lower >>> 6)) / 2 ** 53
}
