/** NaN where there is nothing. */
export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of a sample (n - 1); 0 for a single value. */
export function standardDeviation(values: number[]): number {
  if (values.length < 2) return 0
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}

/** std is n - 1. */
export interface Spread {
  mean: number
  std: number
}

export function spreadOf(values: number[]): Spread {
  return { mean: mean(values), std: standardDeviation(values) }
}
