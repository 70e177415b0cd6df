/** How far a computed array may be from the expected one. */
export type Tolerance = { kind: 'exact' } | { kind: 'absolute'; maximum: number; rms: number }

export interface Comparison {
  largestError: number
  tolerance: number
  /** Root of the mean squared error. */
  rmsError: number
  rmsTolerance: number
  ok: boolean
}

/**
 * Compares two arrays element by element. Arrays of different lengths, and NaN where a number is expected, are an infinite error.
 *
 * @param counts false for an element that is too close a call to be compared.
 */
export function compare(
  computed: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
  counts: (index: number) => boolean = () => true,
): Comparison {
  const { maximum, rms } = tolerance.kind === 'exact' ? { maximum: 0, rms: 0 } : tolerance
  let largestError = computed.length === expected.length ? 0 : Infinity
  let squares = 0
  for (let i = 0; i < expected.length; i++) {
    if (!counts(i)) continue
    const error = errorOf(computed[i], expected[i])
    if (error > largestError) largestError = error
    squares += error * error
  }
  const rmsError = largestError === Infinity ? Infinity : Math.sqrt(squares / Math.max(expected.length, 1))
  const ok = largestError <= maximum && rmsError <= rms
  return { largestError, tolerance: maximum, rmsError, rmsTolerance: rms, ok }
}

function errorOf(computed: number, expected: number): number {
  if (Object.is(computed, expected)) return 0
  const error = Math.abs(computed - expected)
  return Number.isNaN(error) ? Infinity : error
}
