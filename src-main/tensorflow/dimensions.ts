/** A dimension of an input: a fixed size, or times * symbol + plus. */
export type Dimension = { symbol: null; size: number } | { symbol: string; times: number; plus: number }

const SYMBOLIC = /^(?:(?<times>[1-9]\d*)\*)?(?<symbol>[a-zA-Z]\w*)(?:\+(?<plus>\d+))?$/

/** 7, 'batch', '16*rows', 'tokens+1' or '2*tokens+1'. */
export function parseDimension(given: number | string): Dimension {
  if (typeof given === 'number') return { symbol: null, size: given }
  const groups = SYMBOLIC.exec(given)?.groups
  if (!groups) throw new RangeError(`${given} is not a dimension: a number, 'batch', '16*rows' or 'tokens+1'`)
  return { symbol: groups.symbol, times: Number(groups.times || 1), plus: Number(groups.plus || 0) }
}

export function sizeOf(dimension: Dimension, sizes: ReadonlyMap<string, number>): number {
  if (dimension.symbol === null) return dimension.size
  return dimension.times * (sizes.get(dimension.symbol) ?? NaN) + dimension.plus
}

/**
 * Checks the shapes of the inputs against their dimensions.
 *
 * @throws RangeError naming the input that does not fit.
 */
export function checkShapes(
  shapes: ReadonlyMap<string, readonly number[]>,
  dimensions: ReadonlyMap<string, Dimension[]>,
): void {
  const sizes = new Map<string, number>()
  for (const [name, expected] of dimensions) {
    const shape = shapes.get(name)
    if (shape?.length !== expected.length) throw misfit(name, shape, expected)
    for (const [axis, dimension] of expected.entries()) {
      if (dimension.symbol !== null && !sizes.has(dimension.symbol))
        sizes.set(dimension.symbol, (shape[axis] - dimension.plus) / dimension.times)
      const whole = dimension.symbol === null || Number.isInteger(sizes.get(dimension.symbol))
      if (!whole || shape[axis] !== sizeOf(dimension, sizes)) throw misfit(name, shape, expected)
    }
  }
}

function misfit(name: string, shape: readonly number[] | undefined, expected: Dimension[]): RangeError {
  const found = shape ? `is [${shape.join(', ')}]` : 'is missing'
  return new RangeError(
    `the input ${name} ${found}; the captured function takes [${expected.map(describe).join(', ')}]`,
  )
}

function describe(dimension: Dimension): string {
  if (dimension.symbol === null) return String(dimension.size)
  const { symbol, times, plus } = dimension
  return `${times === 1 ? '' : `${times}*`}${symbol}${plus === 0 ? '' : `+${plus}`}`
}
