import type { AreaBin } from '../../../src-main/contract/index.ts'

/** From the smallest to the largest bin, both included; null where there is none. */
export type AreaRange = { first: number; last: number } | null

/** A bin as a bar: the heights of its two parts, 0 to 1 of the tallest bar, the accepted ones below. */
export interface AreaBar {
  exponent: number
  accepted: number
  drafts: number
}

/** Fewer bars would look like blocks. */
const leastBars = 9

/** One range for all classes, so that their bars can be compared; what there is stands in its middle. */
export function areaRange(classes: readonly { areas: readonly AreaBin[] }[]): AreaRange {
  const exponents = classes.flatMap(({ areas }) => areas.map(({ exponent }) => exponent))
  if (exponents.length === 0) return null
  const [first, last] = [Math.min(...exponents), Math.max(...exponents)]
  const lacking = Math.max(0, leastBars - (last - first + 1))
  const before = Math.min(first, Math.floor(lacking / 2))
  return { first: first - before, last: last + lacking - before }
}

/** A bar for each bin of the range, empty ones too. */
export function areaBars(areas: readonly AreaBin[], { first, last }: NonNullable<AreaRange>): AreaBar[] {
  const tallest = Math.max(1, ...areas.map(({ accepted, drafts }) => accepted + drafts))
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const bin = areas.find(({ exponent }) => exponent === first + i)
    return {
      exponent: first + i,
      accepted: (bin?.accepted ?? 0) / tallest,
      drafts: (bin?.drafts ?? 0) / tallest,
    }
  })
}
