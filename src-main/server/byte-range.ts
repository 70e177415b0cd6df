/** Bytes from `first` to `last`, both inside. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * The one range that a Range header asks for (RFC 9110, 14.2).
 *
 * @returns null where the whole is to be sent: no header, several ranges, or one that cannot be read; 'unsatisfiable' past the end
 */
export function parseRange(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, from, to] = match
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < first) return null
  return first > last || first >= size ? 'unsatisfiable' : { first, last }
}
