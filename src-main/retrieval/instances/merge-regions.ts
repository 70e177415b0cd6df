import { mergeBorders, mergeRegions, type Border, type Region, type RegionGraph } from './region-graph.ts'

/** How much speaks for two regions being two instances, 0 to 1. */
export type CutEvidence = (a: Region, b: Region, border: Border) => number

interface Contact {
  a: number
  b: number
  border: Border
  evidence: number
}

/**
 * Merges the two regions that least speaks for being apart, again and again, until enough speaks for every border that is left.
 *
 * @param enough from here on a border stays
 * @returns for each region, the first of those that it is one with
 */
export function mergeRegionsOf(graph: RegionGraph, evidenceOf: CutEvidence, enough: number): Int32Array {
  const regions = [...graph.regions]
  const owners = Int32Array.from(regions, (_, i) => i)
  const contacts = contactsOf(graph, evidenceOf)
  for (;;) {
    const weakest = weakestOf(contacts)
    if (!weakest || weakest.evidence >= enough) return owners
    const { a, b } = weakest
    regions[a] = mergeRegions(regions[a], regions[b])
    for (let i = 0; i < owners.length; i++) if (owners[i] === b) owners[i] = a
    joinContacts(contacts, a, b)
    for (const contact of contacts[a].values())
      contact.evidence = evidenceOf(regions[contact.a], regions[contact.b], contact.border)
  }
}

function contactsOf({ regions, borders }: RegionGraph, evidenceOf: CutEvidence): Map<number, Contact>[] {
  const contacts = regions.map(() => new Map<number, Contact>())
  borders.forEach((others, a) => {
    for (const [b, border] of others) {
      if (b < a) continue
      const contact = { a, b, border, evidence: evidenceOf(regions[a], regions[b], border) }
      contacts[a].set(b, contact)
      contacts[b].set(a, contact)
    }
  })
  return contacts
}

function weakestOf(contacts: readonly Map<number, Contact>[]): Contact | null {
  let weakest: Contact | null = null
  contacts.forEach((others, a) => {
    for (const contact of others.values())
      if (contact.a === a && (!weakest || contact.evidence < weakest.evidence)) weakest = contact
  })
  return weakest
}

/** What touched `b` touches `a` from now on. */
function joinContacts(contacts: readonly Map<number, Contact>[], a: number, b: number): void {
  contacts[a].delete(b)
  for (const [c, { border }] of contacts[b]) {
    if (c === a) continue
    contacts[c].delete(b)
    const known = contacts[a].get(c)
    const joined = {
      ...{ a: Math.min(a, c), b: Math.max(a, c), evidence: 0 },
      border: known ? mergeBorders(known.border, border) : border,
    }
    contacts[a].set(c, joined)
    contacts[c].set(a, joined)
  }
  contacts[b].clear()
}
