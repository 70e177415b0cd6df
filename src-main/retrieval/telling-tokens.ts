import type { Affinity } from './image-features.ts'
import type { GridLabels } from './labels.ts'

export interface TellingSettings {
  /** A token is expected where the tokens of its own image that are like it have its classes with this probability. */
  expectedFrom: number
  /** Of the expected tokens every so many-th is kept. */
  expectedStep: number
}

/**
 * Which of a labelled image's tokens are worth remembering. What lies inside a class is told by its neighbours, many times over: of such
 * tokens a part suffices, while those at the borders of classes, in the image and in what they look like, are all kept (as in Hart, The
 * Condensed Nearest Neighbor Rule, 1968).
 *
 * @param tokens the candidates, ascending
 * @returns some of them, ascending
 */
export function tellingTokens(
  tokens: number[],
  labels: GridLabels,
  affinity: Affinity,
  { expectedFrom, expectedStep }: TellingSettings,
): number[] {
  let expected = 0
  return tokens.filter(
    (token) => expectation(token, labels, affinity) < expectedFrom || expected++ % expectedStep === 0,
  )
}

/** sum_c y_c sum_j A_ij y_jc / sum_j A_ij sum_c y_jc: 0 where no alike token is known. */
function expectation(token: number, { shares, known }: GridLabels, { rowStarts, columns, weights }: Affinity): number {
  const cells = known.length
  const classes = shares.length / cells
  let [agreed, total] = [0, 0]
  for (let k = rowStarts[token]; k < rowStarts[token + 1]; k++) {
    for (let c = 0; c < classes; c++) {
      const voted = weights[k] * shares[c * cells + columns[k]]
      agreed += voted * shares[c * cells + token]
      total += voted
    }
  }
  return total === 0 ? 0 : agreed / total
}
