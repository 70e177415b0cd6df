/** A curve: value at each x, null where there is none. */
export interface Curve {
  name: string
  /** A custom property of the design: "--curve-1". */
  colour: string
  values: readonly (number | null)[]
}

/** Means over equal stretches, so that no more points are drawn than are seen. */
export function thinOut(
  xs: readonly number[],
  values: readonly (number | null)[],
  most: number,
): { x: number; y: number }[] {
  const size = Math.max(1, Math.ceil(xs.length / most))
  const points: { x: number; y: number }[] = []
  for (let start = 0; start < xs.length; start += size) {
    const end = Math.min(xs.length, start + size)
    const known = values.slice(start, end).filter((value) => value !== null)
    if (known.length === 0) continue
    const y = known.reduce((sum, value) => sum + value, 0) / known.length
    points.push({ x: (xs[start] + xs[end - 1]) / 2, y })
  }
  return points
}

/** Round numbers that divide a range into about so many parts; they lie within it. */
export function ticks(low: number, high: number, about: number): number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
