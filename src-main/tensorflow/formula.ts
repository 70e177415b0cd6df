import { allPoints, type SamplePoints } from './sample-points.ts'

/**
 * A number as a function of the symbolic dimensions: scale * (sum of coefficient * product of symbol^power)^exponent.
 * Reshape targets, sizes and counts are polynomials of the dimensions (batch * tokens), factors of means reciprocals of such.
 */
export interface Formula {
  scale: number
  terms: Term[]
  exponent: number
}

export interface Term {
  coefficient: number
  /** One power a symbol. */
  powers: number[]
}

/** What float32 may lose: the constants were rounded to it. */
const FLOAT32_TOLERANCE = 1e-6
/** What it loses in one rounding or two. */
const FLOAT32_ROUNDING = 2e-7
const NEGLIGIBLE = 1e-5
const EXPONENTS = [1, -1, 2, -2, 0.5, -0.5]

export function constantFormula(value: number, symbols: number): Formula {
  return { scale: value, terms: [{ coefficient: 1, powers: Array<number>(symbols).fill(0) }], exponent: 1 }
}

/** Made by constantFormula: the scale is the value. */
export function isConstant({ terms }: Formula): boolean {
  return terms.every(({ powers }) => powers.every((power) => power === 0))
}

export function evaluate({ scale, terms, exponent }: Formula, sizes: readonly number[]): number {
  const sum = terms.reduce((total, term) => total + evaluateTerm(term, sizes), 0)
  return scale * sum ** exponent
}

function evaluateTerm({ coefficient, powers }: Term, sizes: readonly number[]): number {
  return powers.reduce((product, power, i) => product * sizes[i] ** power, coefficient)
}

/** The formula that gives these whole numbers, one a corner and then one a check, exactly; or null. */
export function fitInteger(values: readonly number[], points: SamplePoints): Formula | null {
  const candidates = [polynomial(values, points), powerLaw(values, points)]
  return candidates.find((formula) => formula && isWhole(formula) && predicts(formula, values, points, 0)) ?? null
}

/** The formula that gives these float32 numbers, one a corner and then one a check; or null. */
export function fitFloat(values: readonly number[], points: SamplePoints): Formula | null {
  for (const exponent of EXPONENTS) {
    const formula = poweredPolynomial(values, points, exponent)
    if (formula && predicts(formula, values, points, FLOAT32_TOLERANCE)) return formula
  }
  const formula = powerLaw(values, points)
  return formula && predicts(formula, values, points, FLOAT32_TOLERANCE) ? formula : null
}

function isWhole({ scale, terms }: Formula): boolean {
  return terms.every(
    ({ coefficient, powers }) =>
      Number.isInteger(scale * coefficient) && powers.every((power) => power >= 0 && Number.isInteger(power)),
  )
}

function predicts(formula: Formula, values: readonly number[], points: SamplePoints, tolerance: number): boolean {
  return allPoints(points).every(
    (sizes, i) => Math.abs(evaluate(formula, sizes) - values[i]) <= tolerance * Math.abs(values[i]),
  )
}

function polynomial(values: readonly number[], points: SamplePoints): Formula | null {
  const terms = toTerms(multilinearCoefficients(values, points).map(roundNoise), points)
  return terms.length > 0 ? { scale: 1, terms, exponent: 1 } : null
}

function roundNoise(coefficient: number): number {
  return Math.abs(coefficient - Math.round(coefficient)) < 1e-9 ? Math.round(coefficient) : coefficient
}

/** values = scale * polynomial^exponent, the polynomial with whole coefficients. */
function poweredPolynomial(values: readonly number[], points: SamplePoints, exponent: number): Formula | null {
  const sign = Math.sign(values[0])
  if (sign === 0 || !values.every((value) => Math.sign(value) === sign)) return null
  const bases = values.map((value) => (sign * value) ** (1 / exponent))
  const coefficients = multilinearCoefficients(bases, points)
  const largestTerms = toTerms(coefficients, points).filter((term) => matters(term, bases, points))
  const unit = Math.min(...largestTerms.map(({ coefficient }) => Math.abs(coefficient)))
  const terms = largestTerms.map(({ coefficient, powers }) => ({ coefficient: Math.round(coefficient / unit), powers }))
  if (terms.length === 0) return null
  const unscaled: Formula = { scale: 1, terms, exponent }
  const samples = allPoints(points)
  const scale = samples.reduce((sum, sizes, i) => sum + values[i] / evaluate(unscaled, sizes), 0) / samples.length
  return { ...unscaled, scale: snap(scale) }
}

function matters(term: Term, values: readonly number[], { corners }: SamplePoints): boolean {
  return corners.some((sizes, i) => Math.abs(evaluateTerm(term, sizes)) > NEGLIGIBLE * Math.abs(values[i]))
}

/** values = scale * product of symbol^power. */
function powerLaw(values: readonly number[], { symbols, corners }: SamplePoints): Formula | null {
  if (values.some((value) => value === 0)) return null
  const [first] = corners
  const powers = symbols.map((_, i) => {
    const other = 1 << i
    const power = Math.log(values[other] / values[0]) / Math.log(corners[other][i] / first[i])
    return Math.round(2 * power) / 2
  })
  if (!powers.every(Number.isFinite)) return null
  const unscaled: Formula = { scale: 1, terms: [{ coefficient: 1, powers }], exponent: 1 }
  return { ...unscaled, scale: snap(values[0] / evaluate(unscaled, first)) }
}

/** A factor written in code is nearly always whole or one over a whole number; rounding to float32 has hidden that. */
function snap(scale: number): number {
  const whole = Math.round(scale)
  if (whole !== 0 && Math.abs(scale - whole) <= FLOAT32_ROUNDING * Math.abs(whole)) return whole
  const inverse = Math.round(1 / scale)
  return inverse !== 0 && Math.abs(scale * inverse - 1) <= FLOAT32_ROUNDING ? 1 / inverse : scale
}

/**
 * The coefficients of the polynomial, of degree one in each symbol, through the corners: bit i of an index says whether
 * that monomial holds symbol i.
 */
function multilinearCoefficients(values: readonly number[], { symbols, corners }: SamplePoints): number[] {
  const coefficients = values.slice(0, corners.length)
  symbols.forEach((_, i) => {
    const bit = 1 << i
    for (let index = 0; index < corners.length; index++) {
      if (index & bit) continue
      const small = corners[index][i]
      const large = corners[index | bit][i]
      const slope = (coefficients[index | bit] - coefficients[index]) / (large - small)
      coefficients[index] -= slope * small
      coefficients[index | bit] = slope
    }
  })
  return coefficients
}

function toTerms(coefficients: readonly number[], { symbols }: SamplePoints): Term[] {
  return coefficients
    .map((coefficient, index) => ({ coefficient, powers: symbols.map((_, i) => (index >> i) & 1) }))
    .filter(({ coefficient }) => coefficient !== 0)
}
