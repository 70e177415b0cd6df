import type { Annotation } from '../../../src-main/contract/index.ts'

/** What a person wrote, as what it is: `true` and `false`, a number, else text. */
export function parseAttribute(written: string): Annotation['attributes'][string] {
  const trimmed = written.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  // Only what would be written the same again: a part number such as 007 stays text.
  return trimmed !== '' && String(Number(trimmed)) === trimmed && Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : trimmed
}
