import { text } from '../../text.ts'

/** A setting or a result as a person reads it: its name, and what it is; null for what says nothing. */
export function factOf(name: string, value: unknown): { name: string; value: string } | null {
  const shown = show(value)
  return shown === null ? null : { name: spaced(name), value: shown }
}

/** `allClasses` is "all classes". */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function show(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value ? text.runs.yes : null
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 4 })
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? null : value.flatMap((each) => show(each) ?? []).join(', ')
  const entries = Object.entries(value).flatMap(([key, each]) => {
    const shown = show(each)
    return shown === null ? [] : `${spaced(key)} ${shown}`
  })
  return entries.length === 0 ? null : entries.join(', ')
}
