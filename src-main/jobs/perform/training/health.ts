import { CribsheetError } from '../../../contract/index.ts'

/** What a step says that tells whether training still makes sense. */
export interface Vitals {
  loss: number
  /** Mean entropy of the teacher's assignments of objects, in nats. */
  teacherEntropy: number
  /** Mean variance of the teacher's patch tokens. */
  tokenVariance: number
}

/** Steps in a row that must look collapsed: a single batch may. */
const patience = 20
/** In nats: all objects on one prototype, or spread evenly over all of them. */
const leastEntropy = 0.01
const leastBelowUniform = 1e-3
/** Of the variance at the start. */
const leastVariance = 0.01

/** Watches a training for what it cannot recover from. */
export class Health {
  readonly #largestEntropy: number
  readonly #advice: () => string
  #firstVariance: number | null = null
  #signs = 0

  /**
   * @param prototypes of the head for objects
   * @param advice what a person can do
   */
  constructor(prototypes: number, advice: () => string) {
    this.#largestEntropy = Math.log(prototypes)
    this.#advice = advice
  }

  /** @throws CribsheetError training-diverged, training-collapsed, with the cause */
  check(step: number, { loss, teacherEntropy, tokenVariance }: Vitals): void {
    if (!Number.isFinite(loss))
      throw new CribsheetError('training-diverged', `At step ${step} the loss is not a finite number.`, {
        advice: this.#advice(),
      })
    this.#firstVariance ??= tokenVariance
    const sign = this.#signOfCollapse(teacherEntropy, tokenVariance / this.#firstVariance)
    this.#signs = sign === null ? 0 : this.#signs + 1
    if (this.#signs < patience) return
    throw new CribsheetError('training-collapsed', `The network has collapsed by step ${step}: ${sign ?? ''}.`, {
      advice: this.#advice(),
    })
  }

  #signOfCollapse(entropy: number, variance: number): string | null {
    if (variance < leastVariance)
      return `the tokens of all patches have become alike (${(100 * variance).toFixed(2)} % of the variance at the start)`
    if (entropy < leastEntropy)
      return `the teacher assigns every object to one prototype (entropy ${entropy.toFixed(4)})`
    if (entropy > this.#largestEntropy - leastBelowUniform)
      return `the teacher assigns objects to all prototypes alike (entropy ${entropy.toFixed(3)})`
    return null
  }
}
