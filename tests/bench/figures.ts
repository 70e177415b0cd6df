/** Several measurements of one thing. The machines are shared: the median is quoted, and how far it scattered. */
export interface Figure {
  median: number
  least: number
  most: number
  unit: string
}

export function figure(values: number[], unit: string): Figure {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { median, least: sorted[0], most: sorted[sorted.length - 1], unit }
}

/** What the bench prints and writes: a figure, or a ratio of two of the same run with the target that it must meet. */
export interface Row {
  name: string
  figure: Figure
  target?: { atLeast: number } | { atMost: number }
  /** What it was measured with, beside the machine. */
  conditions?: string
}

export function meets({ figure, target }: Row): boolean | null {
  if (!target) return null
  return 'atLeast' in target ? figure.median >= target.atLeast : figure.median <= target.atMost
}

export function toTable(rows: Row[]): string {
  const cells = rows.map((row) => {
    const { median, least, most, unit } = row.figure
    const target = !row.target ? '' : 'atLeast' in row.target ? `>= ${row.target.atLeast}` : `<= ${row.target.atMost}`
    const met = meets(row)
    return [
      row.name,
      `${format(median)} ${unit}`,
      `${format(least)} - ${format(most)}`,
      target,
      met === null ? '' : met ? 'met' : 'missed',
    ]
  })
  const header = ['what', 'median', 'least - most', 'target', '']
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i].length)))
  return [header, ...cells]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
