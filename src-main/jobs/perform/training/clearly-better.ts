/** A held-out figure, and the figures of the images (or rounds of views) that it is the mean of: the same ones in the same order each time. */
export interface Measured {
  /** The larger the better; null where it could not be measured. */
  figure: number | null
  samples: readonly number[]
}

/**
 * Whether weights are better than the ones that training started from by more than chance explains: the mean of the samples' differences is
 * above its own standard error (as in the rule of one standard error of Breiman et al., Classification and Regression Trees, 1984).
 * The samples are pairs, so what makes one image harder than another drops out. With two samples both must be better. With one there is no
 * standard error, and any gain counts.
 */
export function isClearlyBetter(trained: Measured, start: Measured): boolean {
  if (trained.figure === null || start.figure === null || trained.figure <= start.figure) return false
  const differences = trained.samples.map((sample, i) => sample - start.samples[i])
  if (differences.length < 2 || differences.length !== start.samples.length) return true
  const mean = meanOf(differences)
  return mean > standardErrorOf(differences, mean)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function standardErrorOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}
