/** The sizes at which a function is recorded: one number a symbol. */
export interface SamplePoints {
  symbols: string[]
  /** 2^symbols points: bit i of a corner's index says whether symbol i has its larger size. */
  corners: number[][]
  /** Points that no formula is fitted to, and that each must still predict. */
  checks: number[][]
}

export function allPoints({ corners, checks }: SamplePoints): number[][] {
  return [...corners, ...checks]
}

/**
 * Tiny sizes, different for each symbol and never 1, where tfjs takes short cuts. The checks make one symbol after the other much
 * larger: a rule such as min(12, tokens) shows only there.
 *
 * @param smallest sizes below which a symbol must not be recorded.
 */
export function samplePoints(symbols: string[], smallest: Record<string, number>): SamplePoints {
  const least = symbols.map((symbol, i) => Math.max(smallest[symbol] ?? 0, 2 + 3 * i))
  return {
    symbols,
    corners: Array.from({ length: 2 ** symbols.length }, (_, corner) =>
      least.map((size, i) => size + ((corner >> i) & 1)),
    ),
    checks: symbols.map((_, larger) => least.map((size, i) => (i === larger ? 4 * size + 3 : size))),
  }
}
