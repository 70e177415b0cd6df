import { posix } from 'node:path'

/** An image whose content is no longer where it was: its file is gone, has changed, or was missing already. */
export interface Vacancy {
  id: number
  /** Where it was last. */
  path: string
  hash: string
  /** It was missing before this scan. */
  missing: boolean
}

/** A file with content that was not there before. */
export interface Arrival {
  path: string
  /** '' where the file could not be read. */
  hash: string
  /** The image that was at this path until now. */
  occupant: number | null
}

export type Identity = { how: 'moved' | 'restored' | 'changed'; id: number } | { how: 'added' }

/**
 * Which image each arrival is. Content decides first: an image whose content turns up elsewhere has moved, also where
 * files swapped names. What is left is a changed image where its path stayed occupied, else a new one. Of several
 * equal files those with the same path, then the same name, belong together.
 * @returns the identity of each arrival, and the images that are gone
 */
export function identify(
  vacancies: readonly Vacancy[],
  arrivals: readonly Arrival[],
): { identities: Identity[]; gone: number[] } {
  const open = new Map(vacancies.map((vacancy) => [vacancy.id, vacancy]))
  const matches = matchByContent(vacancies, arrivals, open)
  const identities = arrivals.map(({ occupant }, i): Identity => {
    const match = matches[i]
    if (match) return { how: match.missing ? 'restored' : 'moved', id: match.id }
    return occupant !== null && open.delete(occupant) ? { how: 'changed', id: occupant } : { how: 'added' }
  })
  const gone = [...open.values()].filter(({ missing }) => !missing).map(({ id }) => id)
  return { identities, gone }
}

/** The vacancy of each arrival, if any; those that are taken leave `open`. */
function matchByContent(
  vacancies: readonly Vacancy[],
  arrivals: readonly Arrival[],
  open: Map<number, Vacancy>,
): (Vacancy | undefined)[] {
  const byHash = Map.groupBy(vacancies, ({ hash }) => hash)
  byHash.delete('')
  const preferences = [
    (a: Arrival, v: Vacancy) => a.path === v.path,
    (a: Arrival, v: Vacancy) => posix.basename(a.path) === posix.basename(v.path),
    () => true,
  ]
  const matches: (Vacancy | undefined)[] = Array.from({ length: arrivals.length })
  for (const fits of preferences) {
    arrivals.forEach((arrival, i) => {
      if (matches[i]) return
      matches[i] = byHash.get(arrival.hash)?.find((vacancy) => open.has(vacancy.id) && fits(arrival, vacancy))
      if (matches[i]) open.delete(matches[i].id)
    })
  }
  return matches
}
